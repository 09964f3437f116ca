"""How long do the measures take? Medians in milliseconds; run from the top folder."""

import random
import statistics
import time

import woozle
from woozle import measure
from woozle.measure.counterfactual import best_sets
from woozle.measure.flow import Flow

RUNS = 5
OF_A_CASCADE = [
    "agreement", "as_of_series", "best_removals", "borrowed_authority", "circular_reports", "citation_distortions",
    "correction_by_language", "correction_by_outlet", "correction_lag", "corrections", "doubtful_hops", "draw_dates",
    "drift_ledger", "field_survival", "flawed_answers", "headline", "headline_draws", "headline_intervals",
    "hop_changes", "immediate_dominators", "independent_roots", "laundering_chains", "losses", "ordinal_steps",
    "phantom_sources", "reach", "resting_on", "root_origins", "shape", "shape_by_sampled_parents", "time_to_n", "story",
    "turn", "turn_draws", "woozle_index",
]  # fmt: skip


def milliseconds(job) -> float:
    """Return the median time of a job."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        job()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def chain_of(size: int) -> Flow:
    """Return documents that rely on one or two of those before, at random."""
    chance = random.Random(1)
    parents = [(), *(tuple({chance.randrange(n) for _ in range(chance.choice((1, 1, 2)))}) for n in range(1, size))]
    return Flow(tuple(map(str, range(size))), tuple(parents), (True,) * size)


if __name__ == "__main__":
    case = woozle.open("dprk_troops_2024")
    total = 0.0
    for name in OF_A_CASCADE:
        function = getattr(measure, name)
        taken = milliseconds(lambda: function(case if name == "agreement" else case.cascade()))  # noqa: B023
        total += taken
        print(f"{name:28} {taken:9.1f} ms")
    print(f"{'all of them':28} {total:9.1f} ms")
    flow = chain_of(200)
    print(f"{'best three of 200 documents':28} {milliseconds(lambda: best_sets(flow, 3)):9.1f} ms")
