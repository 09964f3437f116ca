"""Many posts: who shares the same things together, what was copied, how cascades grow, and how things spread.

Needs the extra `big`: `make big`, or `pip install "woozle[big]"`.
"""

from woozle.errors import WoozleError

try:
    import numba as _numba  # noqa: F401 - to see whether it is there
    import pyarrow as _pyarrow  # noqa: F401
except ImportError as error:
    raise WoozleError(
        f"Collections of posts need more packages: make big, or pip install 'woozle[big]'. ({error.name} is absent.)"
    ) from error

from woozle.collection.chance import Chance, by_chance, by_window
from woozle.collection.coordination import coordination, coordination_in_pieces
from woozle.collection.diffusion import Diffusion, diffusion_network, read_infections, with_support
from woozle.collection.forest import cascades, joined, missing_parents, roots_of, without_circles
from woozle.collection.matched import size_matched
from woozle.collection.network import communities, network, who_was_first
from woozle.collection.null import edge_probability, galton_watson, independent_cascades, passed_on
from woozle.collection.posts import Collected, Posts, collect
from woozle.collection.posts import open_posts as open
from woozle.collection.reuse import passages, sources
from woozle.collection.rumour import rumour

__all__ = [
    "Chance",
    "Collected",
    "Diffusion",
    "Posts",
    "by_chance",
    "by_window",
    "cascades",
    "collect",
    "communities",
    "coordination",
    "coordination_in_pieces",
    "diffusion_network",
    "edge_probability",
    "galton_watson",
    "independent_cascades",
    "joined",
    "missing_parents",
    "network",
    "open",
    "passages",
    "passed_on",
    "read_infections",
    "roots_of",
    "rumour",
    "size_matched",
    "sources",
    "who_was_first",
    "with_support",
    "without_circles",
]
