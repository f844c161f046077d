"""The page itself behind nginx: a replica dies, or the proxy changes Host."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Stage
from tests.hosting.snippets import snippet
from tests.hosting.test_nginx import PLAIN, TLS, upstream
from tests.nginx import PROGRAM, Nginx
from tests.serving import Server

pytestmark = pytest.mark.skipif(not PROGRAM, reason="nginx is not installed")

# how long the stage was offline, in ms, once it is back
WATCH = """() => { const stage = document.querySelector('[data-testid=nnviz-stage]');
  let since;
  new MutationObserver(() => {
    const isOffline = stage.dataset.state === 'offline';
    if (isOffline) since ??= performance.now();
    else if (since) window.gap ??= performance.now() - since;
  }).observe(stage, { attributes: true }); }"""


@pytest.fixture
def page(browser):
    context = browser.new_context(ignore_https_errors=True)
    yield context.new_page()
    context.close()


def test_a_run_goes_on_at_the_other_replica(page, server, certificate):
    with (
        Server() as other,
        Nginx(
            snippet("nginx", "replicas"), TLS | certificate | upstream(server.port, other.port)
        ) as front,
    ):
        stage = Stage(page)
        page.goto(f"{front.url.replace('http', 'https')}nnviz/?seed=2", wait_until="commit")
        stage.painted()
        stage.do("play")
        stage.wait("+stage.dataset.epoch > 50")
        page.evaluate(WATCH)
        used = page.evaluate(
            "fetch('./_stcore/health').then(({ headers }) => headers.get('x-upstream'))"
        )
        ports = {f"127.0.0.1:{each.port}": each for each in (server, other)}
        ports[used].stop()
        try:
            stage.wait("stage.dataset.state === 'offline'")
            epoch = stage.epoch
            stage.wait(f"stage.dataset.state === 'running' && +stage.dataset.epoch > {epoch}")
            assert page.evaluate("window.gap") < 3000  # ms; some 400 of them on two busy cores
            stage.do("play")
            stage.settled()
            loss = stage.trainer().history[-1].train_loss
            assert float(stage.shown("train_loss")) == pytest.approx(loss, abs=1e-4)
        finally:
            if used == f"127.0.0.1:{server.port}":
                server.start()  # for other tests


# Streamlit admits pages of 127.0.0.1 whatever Host says, and refuses others without a word
@pytest.mark.parametrize("name", ["127.0.0.1", "school.localhost"])
def test_another_host_is_reported_on_the_page(page, server, name):
    here = PLAIN | upstream(server.port) | {"$http_host;": "$host;", "nnviz.example": name}
    with Nginx(snippet("nginx", "name"), here) as front:
        page.goto(f"http://{name}:{front.port}/")
        where = "#nnviz-notice" if name != "127.0.0.1" else "[data-show=message]"
        expect(page.locator(where)).to_have_text(
            f"This page came from {name}:{front.port}, and the server takes itself for {name}; "
            "see docs/hosting.md."
        )
