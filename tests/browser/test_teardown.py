"""A stage that goes leaves nothing behind: no listeners, no charts, no timers, no sockets."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import expect

from nnviz.stage import files

# what Streamlit hands to the stage, kept for stages that a test mounts itself
KEPT = """import * as stage from './main.js?kept';
export * from './main.js?kept';
export const render = (component, given) => {
  Object.assign(window, { component, given, stages: stage });
  stage.render(component, given);
};"""

MOUNT = """async () => {
  const holder = document.createElement('div');
  holder.style.cssText = 'position: fixed; inset: 0; width: 1200px; height: 700px';
  document.body.append(holder);
  const mounted = {
    ...component, parentElement: holder, setStateValue() {}, setTriggerValue() {},
  };
  const until = async (condition) => {
    while (!condition()) await new Promise(requestAnimationFrame);
  };
  stages.render(mounted, given);
  const root = holder.querySelector('.nnviz');
  await until(() => root.querySelectorAll('.js-plotly-plot').length === 3);
  for (const name of ['network', 'space', 'curves']) {
    root.querySelector(`[data-tab=${name}]`).click();
    await new Promise(requestAnimationFrame);
  }
  root.querySelector('[data-do=play]').click();
  await until(() => +root.dataset.epoch > 30);
  root.querySelector('[data-do=export]').click();
  await until(() => root.querySelector('dialog[open]'));
  root.querySelector('[data-do=play]').click();
  const charts = [...root.querySelectorAll('.js-plotly-plot')];
  stages.dispose(mounted);
  const frames = root.dataset.frames;
  holder.remove();
  for (let i = 0; i < 10; i++) await new Promise(requestAnimationFrame);
  return {
    charts: charts.filter((chart) => chart._fullLayout).length,
    frames: root.dataset.frames - frames,
    sockets: sockets.filter((one) => one.url.endsWith('/live') && one.readyState < 2).length,
  };
}"""

COUNT_SOCKETS = """window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...args) { super(...args); sockets.push(this); }
};"""


def test_stages_that_are_mounted_and_go_leave_nothing(browser: Any, server: Any) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(COUNT_SOCKETS)
    page.route(
        f"**/{files.ENTRY}",
        lambda route: route.fulfill(content_type="text/javascript", body=KEPT),
    )
    page.goto(server.url)
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    devtools = page.context.new_cdp_session(page)

    def once() -> dict[str, int]:
        left = page.evaluate(MOUNT)
        assert left == {"charts": 0, "frames": 0, "sockets": 1}, json.dumps(left)
        devtools.send("HeapProfiler.collectGarbage")
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return {metric["name"]: int(metric["value"]) for metric in metrics}

    devtools.send("Performance.enable")
    once()  # loads what is loaded once
    before = once()
    for _ in range(4):
        after = once()
    assert after["JSEventListeners"] <= before["JSEventListeners"]
    assert after["Nodes"] <= before["Nodes"] + 50  # a stage has a thousand
    assert errors == []
    page.close()
