"""One run, and one running browser for all pictures."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest
from playwright.sync_api import sync_playwright

from nnviz import Recipe, Trainer
from nnviz.export import render
from nnviz.export.animation import AnimationPlan, layer
from nnviz.recipe.look import Look
from tests import chromium


@pytest.fixture(scope="session")
def chrome():
    """A browser that Kaleido finds, closed after the last test."""
    if not chromium.executable():
        with sync_playwright() as playwright:
            os.environ.setdefault("BROWSER_PATH", playwright.chromium.executable_path)
    yield
    render.close()


@pytest.fixture(scope="session")
def circles():
    return Recipe(data="circles", hidden=[10], samples=120)


@pytest.fixture
def trainer(circles):
    return Trainer(circles)


@pytest.fixture(scope="session")
def reel(chrome, circles):
    """A plan of five frames of regions, and its layer as a PNG."""
    plan = AnimationPlan(
        last=60, count=5, fps=10, size=(320, 300), look=Look("regions", points="train")
    )
    figure = layer(Trainer(circles), plan)
    return SimpleNamespace(plan=plan, layer=render.render(figure, "png"))
