"""Random documents that rely on one another, for property tests, and the same as a graph of networkx."""

import networkx as nx
from hypothesis import strategies as st


@st.composite
def parents(draw, most=40):
    """Documents in order, each relying on some of those before."""
    size = draw(st.integers(1, most))
    return [
        tuple(sorted(draw(st.sets(st.integers(0, place - 1), max_size=3)))) if place else () for place in range(size)
    ]


def graph_of(above):
    """Return the hops along the flow."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(above)))
    graph.add_edges_from((parent, child) for child, parents in enumerate(above) for parent in parents)
    return graph


def hops(letters="abcdefgh"):
    """Hops of a small case as `tiny` takes them: "a>b a>c"; the first document is always among them."""
    pairs = st.tuples(st.sampled_from(letters), st.sampled_from(letters)).filter(lambda pair: pair[0] < pair[1])
    first = f"{letters[0]}>{letters[1]}"
    return st.lists(pairs, unique=True).map(
        lambda found: " ".join(dict.fromkeys([first, *(f"{a}>{b}" for a, b in found)]))
    )
