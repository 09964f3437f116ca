import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny
from woozle.measure import immediate_dominators, independent_roots, resting_on


def test_two_roots_and_what_rests_on_each(tmp_path):
    # a -> b -> d <- c (c is a second root); a -> e
    cascade = tiny.case(tmp_path, "a>b b>d c>d a>e").cascade()
    assert independent_roots(cascade)["roots"].to_dict() == {
        "a": ("a",), "b": ("a",), "d": ("a", "c"), "c": ("c",), "e": ("a",),
    }  # fmt: skip
    resting = resting_on(cascade)
    assert resting.loc["a", ["others", "only", "of"]].to_list() == [3, 2, 5]  # b, d, e; d has c as well
    assert resting.loc["c", ["others", "only"]].to_list() == [1, 0]


def test_what_is_traced_only_through_inferred_hops_is_counted_apart(tmp_path):
    # a -> x -> b and a -> c: x is known only by name
    resting = resting_on(tiny.case(tmp_path, "a>x x>b a>c", {"x": None}).cascade())
    assert resting.loc["a", ["others", "inferred"]].to_list() == [3, 2]  # x and b


def test_the_dominator_is_the_nearest_single_point(tmp_path):
    # r -> a -> b -> d, a -> c -> d, d -> e: d can be reached through b or c, but not without a
    found = immediate_dominators(tiny.case(tmp_path, "r>a a>b a>c b>d c>d d>e").cascade())
    assert found["dominator"].to_dict() == {"r": "", "a": "r", "b": "a", "c": "a", "d": "a", "e": "d"}
    assert found["dominated"].to_dict() == {"r": 5, "a": 4, "b": 0, "c": 0, "d": 1, "e": 0}


def test_two_roots_leave_no_dominator(tmp_path):
    assert immediate_dominators(tiny.case(tmp_path, "a>c b>c").cascade()).loc["c", "dominator"] == ""


@st.composite
def dags(draw):
    size = draw(st.integers(2, 12))
    pairs = [(a, b) for a in range(size) for b in range(a + 1, size)]
    return [(f"d{a}", f"d{b}") for a, b in draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))]


@settings(deadline=None, max_examples=30)
@given(dags())
def test_roots_and_dominators_by_taking_each_document_away(tmp_path_factory, edges):
    cascade = tiny.case(tmp_path_factory.mktemp("dag"), " ".join(f"{a}>{b}" for a, b in edges)).cascade()
    graph = nx.DiGraph(edges)
    sources = {name for name in graph if graph.in_degree(name) == 0}
    found, dominators = independent_roots(cascade), immediate_dominators(cascade)
    for name in graph:
        assert set(found["roots"][name]) == {root for root in sources if nx.has_path(graph, root, name)}
        # A document dominates what no root reaches any more when it is taken away.
        rest = graph.subgraph(set(graph) - {name})
        reached = {x for root in sources - {name} for x in {root, *nx.descendants(rest, root)}}
        assert dominators["dominated"][name] == len(set(graph) - reached - {name})


def test_the_flagship_by_hand(flagship):
    """Counted on the citations table.

    Of 57 documents 10 have a version that does not state the claim (KCNA, Reuters' short story, three fact-checks or
    debunking posts, five that deny knowledge), and the social accounts have none and cite nothing; 46 carry it, five of
    them without a version: European Pravda, Fox News, Kyiv Independent, the question at the State Department and the
    unidentified British article, each with a citation of a document that carries it.
    Rote Fahne News, SIC Notícias and the account 'Naudittt' cite nothing; OstroV cites 'Naudittt' and European Pravda.
    So 46 - 3 - the official = 42 rest on the official, 41 of them on nobody else (not OstroV).
    """
    resting = resting_on(flagship.cascade())
    assert resting["others"].to_dict() == {"rok_official": 42, "naudittt": 1, "rf_news": 0, "sic_noticias": 0}
    assert resting["only"].to_dict() == {"rok_official": 41, "naudittt": 0, "rf_news": 0, "sic_noticias": 0}
    assert set(resting["of"]) == {46}


def test_the_flagship_without_tv_chosun_by_hand(flagship):
    """All that rests on the official does so through TV Chosun, but for Quotidiano Nazionale, which quotes the official too.

    OstroV has another root. So of 42 others, less TV Chosun itself, Quotidiano and OstroV, 39 hang on TV Chosun.
    """
    assert immediate_dominators(flagship.cascade()).loc["tvchosun", "dominated"] == 42 - 3
