"""The page around the stage: what happens in the browser, and what it shows then."""

import json

from nnviz import Recipe
from nnviz.site.engine.page import Page


def opened(**params):
    page = Page(params)
    page.handle({"visit": params})
    return page


def shown(page):
    return json.loads(json.dumps(page.shown()))


def widget(page, key):
    groups = shown(page)["groups"]
    return next(w for group in groups for w in group["widgets"] if w["key"] == key)


def index(page, key, label):
    return widget(page, key)["options"].index(label)


def test_a_link_opens_its_run():
    page = opened(data="iris", epoch="20")
    message = shown(page)["message"]
    assert message["recipe"]["data"] == "iris"
    assert message["opened"]["epoch"] == 20
    assert shown(page)["params"]["epoch"] == "20"


def test_a_plain_address_opens_the_default_run_and_stays_plain_in_substance():
    assert shown(opened())["params"]["data"] == "circles"
    assert shown(opened())["problems"] == []


def test_a_wrong_link_is_reported_with_what_is_shown_instead():
    (problem,) = shown(opened(noise="loud"))["problems"]
    assert problem.startswith("noise must be")
    assert problem.endswith("The default is used.")


def test_a_choice_changes_settings_form_and_address():
    page = opened()
    page.handle({"changed": {"data": index(page, "data", "Iris")}})
    after = shown(page)
    assert after["params"]["data"] == "iris"
    assert after["message"]["recipe"]["data"] == "iris"
    assert after["message"]["changed"].keys() >= {"data"}
    assert widget(page, "feature_1")["options"][0] == "sepal length (cm)"


def test_a_choice_made_again_after_back_counts():
    page = opened()
    iris = {"changed": {"data": index(page, "data", "Iris")}}
    page.handle(iris)
    page.handle({"params": {}})
    assert shown(page)["params"]["data"] == "circles"
    page.handle(iris)
    assert shown(page)["params"]["data"] == "iris"


def report(message, number, recipe):
    return {
        "page": message["page"], "heard": message["number"], "number": number, "recipe": recipe,
        "epoch": 0, "sample": None, "point": None, "experiment": None,
        "seen": [message["number"], message["heard"]],
    }  # fmt: skip


def test_an_edit_of_the_stage_reaches_form_and_address():
    page = opened()
    message = shown(page)["message"]
    edited = {**message["recipe"], "edits": [[5, "learning_rate", 0.01]]}
    page.handle({"report": report(message, 1, edited)})
    after = shown(page)
    assert after["message"]["heard"] == 1
    assert after["params"]["edits"] == "5:learning_rate:0.01"
    assert widget(page, "learning_rate")["value"] == 0.01
    assert "0.01 from epoch 5" in after["changes"]


def test_a_page_made_again_resumes_the_run_of_the_stage():
    before = opened()
    message = shown(before)["message"]
    edited = {**message["recipe"], "data": "moons", "edits": [[5, "learning_rate", 0.01]]}
    page = opened()
    page.handle({"report": report(message, 3, edited)})
    assert shown(page)["params"]["data"] == "moons"
    assert shown(page)["message"]["page"] == message["page"]


def test_anything_else_is_no_report():
    page = opened()
    before = shown(page)
    page.handle({"report": {"page": 1}})
    page.handle({"changed": {}})
    assert shown(page) == before


def test_an_experiment_file_is_opened():
    page = opened()
    message = shown(page)["message"]
    text = json.dumps({"nnviz": 1, "epoch": 7, "recipe": {"data": "xor"}})
    dropped = {**report(message, 1, message["recipe"]), "experiment": {"number": 1, "text": text}}
    page.handle({"report": dropped})
    assert shown(page)["message"]["opened"]["epoch"] == 7
    assert shown(page)["params"]["data"] == "xor"


def test_what_the_address_has_no_room_for_is_kept_by_the_browser():
    marks = "~".join(f"{200 + i}_{i % 2}_{i / 997}_{i * i % 991 / 991}" for i in range(2500))
    run = Recipe(edits=[[4, "points", marks]])
    page = opened(**run.to_params() | {"edits": next(iter(run.unlinked.values()))})
    assert shown(page)["kept"] == run.unlinked
    assert shown(page)["params"]["edits"] in run.unlinked
    assert shown(opened())["kept"] == {}
