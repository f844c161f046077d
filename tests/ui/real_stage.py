"""The stage's JavaScript in a separate process, with the interface of ``StageModel``."""

import base64
import json
import subprocess

from nnviz import Recipe
from tests import node

SERVED = node.STAGE.parents[1] / "tests" / "stage" / "served.mjs"


class RealStage:
    process = None  # shared by all instances, which are used one after the other

    def __init__(self):
        if RealStage.process is None:
            RealStage.process = subprocess.Popen(
                node.command(str(SERVED)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                encoding="utf-8",
            )  # fmt: skip
        self._do("begin")

    @classmethod
    def close(cls):
        cls.process.stdin.close()
        cls.process.stdout.close()
        cls.process.wait()
        cls.process = None

    def receive(self, data):
        self._do("receive", data)

    def train(self, epochs):
        self._do("train", epochs)

    def renew(self):
        self._do("renew")

    def reset(self):
        self._do("reset")

    def dial(self, field, value):
        self._do("dial", [field, value])

    def set_weight(self, value):
        self._do("set_weight", value)

    def remove_edit(self, index):
        self._do("remove_edit", index)

    def pick(self, sample):
        self._do("pick", sample)

    def pin_at(self, point):
        self._do("pin", point)

    def drop(self, text):
        self._do("drop", text)

    def restart(self):
        """Disconnect and reconnect the server."""
        self._do("connect", False)
        self._do("connect", True)

    def rest_with(self, session):
        """Reconnect to a session of the server and exchange messages until none is left."""
        self._do("connect", False)
        self._do("connect", True)
        self._do("look", {"rings": True})  # requests a picture of this session
        while (request := self._do("asks")) is not None:
            self._do("hears", base64.b64encode(session.handle(request)).decode())

    def picture(self):
        """The epoch shown, and the hash of the picture's planes."""
        return self._do("picture")

    @property
    def has_news(self):
        return self.number > self.heard

    def report(self):
        return self._report

    def _do(self, name, argument=None):
        self.process.stdin.write(json.dumps([name, argument]) + "\n")
        self.process.stdin.flush()
        now = json.loads(self.process.stdout.readline())
        self.recipe = Recipe.from_json(now["recipe"]) if now["recipe"] else None
        self.epoch, self.sample, self.pin = now["epoch"], now["sample"], now["pin"]
        self.applied, self.number, self.heard = now["applied"], now["number"], now["heard"]
        self._report = now["report"]
        return now["answer"]
