"""torch.optim: optimizers, and schedules of their learning rates.

May import: NumPy, and all of pyconv but `megengine`.
"""

from pyconv.optim import lr_scheduler, optimizer, swa_utils
from pyconv.optim.adadelta import Adadelta
from pyconv.optim.adafactor import Adafactor
from pyconv.optim.adagrad import Adagrad
from pyconv.optim.adam import Adam, AdamW
from pyconv.optim.adamax import Adamax
from pyconv.optim.asgd import ASGD
from pyconv.optim.lbfgs import LBFGS
from pyconv.optim.nadam import NAdam
from pyconv.optim.optimizer import Optimizer
from pyconv.optim.radam import RAdam
from pyconv.optim.rmsprop import RMSprop
from pyconv.optim.rprop import Rprop
from pyconv.optim.sgd import SGD

__all__ = [
    "ASGD",
    "LBFGS",
    "SGD",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "Rprop",
    "lr_scheduler",
    "optimizer",
    "swa_utils",
]
