"""A page that replays a run of 60 s as a panel does, and notes the epoch at which it has ended."""

import os
from pathlib import Path

from nnviz import Recipe, Trainer
from nnviz.ui import panels

trainer = Trainer(Recipe(data="moons", samples=2000, hidden=[64] * 6, batch_size=1))
try:
    panels._seek(trainer, 198)
finally:
    Path(os.environ["NNVIZ_REPLAYED"]).write_text(str(trainer.epoch))
