"""torch.utils.model_zoo: the former place of `pyconv.hub.load_state_dict_from_url`.

May import: `pyconv.hub`.
"""

from pyconv.hub import load_state_dict_from_url as load_url

__all__ = ["load_url"]
