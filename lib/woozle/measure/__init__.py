"""What a cascade shows: one function for each measure; most return a DataFrame."""

from woozle.measure.agreement import agreement, codings, disagreements
from woozle.measure.attribution_errors import borrowed_authority, phantom_sources
from woozle.measure.believed import believed_draws, believed_intervals
from woozle.measure.coded import inferred_hops, known_events, later_events, second_hand, versions
from woozle.measure.comparison import change_kinds, compare_headlines, compare_shapes, compare_turns, hop_typology
from woozle.measure.correction import (
    correction_by_language,
    correction_by_outlet,
    correction_lag,
    corrections,
    flawed_answers,
    non_confirmations,
    published,
    uncoded_answers,
)
from woozle.measure.counterfactual import (
    best_removals,
    best_removals_false,
    best_removals_kept,
    corrected_at,
    early_correction_effect,
    without,
)
from woozle.measure.drift import (
    contradictions,
    conversions,
    deepest_document,
    drift,
    drift_ledger,
    laundering_chains,
    main_path,
    own_words,
    story,
    told_as_fact,
    upgraded_sources,
)
from woozle.measure.event_values import event_values
from woozle.measure.greenberg import citation_distortions, dead_ends, inventions
from woozle.measure.headline import STATISTICS
from woozle.measure.independence import deciding_hops, doubtful_hops, root_origins, woozle_index
from woozle.measure.key_facts import Headline, headline, stations
from woozle.measure.path import story_path
from woozle.measure.shape import reach, shape, shape_by_sampled_parents, size_alone, time_to_n, unlike_size_alone
from woozle.measure.sourcing import (
    circular_reports,
    immediate_dominators,
    independent_roots,
    perhaps_carriers,
    resting_on,
    single_points,
)
from woozle.measure.survival import field_lives, field_survival, hop_changes, hop_hazard, losses, ordinal_steps
from woozle.measure.turn import false_from_start, false_origins, false_roots, turn
from woozle.measure.uncertainty import as_of_series, draw_dates, first_false, headline_draws, headline_intervals

__all__ = [
    "STATISTICS",
    "Headline",
    "agreement",
    "as_of_series",
    "believed_draws",
    "believed_intervals",
    "best_removals",
    "best_removals_false",
    "best_removals_kept",
    "borrowed_authority",
    "change_kinds",
    "circular_reports",
    "citation_distortions",
    "codings",
    "compare_headlines",
    "compare_shapes",
    "compare_turns",
    "contradictions",
    "conversions",
    "corrected_at",
    "correction_by_language",
    "correction_by_outlet",
    "correction_lag",
    "corrections",
    "dead_ends",
    "deciding_hops",
    "deepest_document",
    "disagreements",
    "doubtful_hops",
    "draw_dates",
    "drift",
    "drift_ledger",
    "early_correction_effect",
    "event_values",
    "false_from_start",
    "false_origins",
    "false_roots",
    "field_lives",
    "field_survival",
    "first_false",
    "flawed_answers",
    "headline",
    "headline_draws",
    "headline_intervals",
    "hop_changes",
    "hop_hazard",
    "hop_typology",
    "immediate_dominators",
    "independent_roots",
    "inferred_hops",
    "inventions",
    "known_events",
    "later_events",
    "laundering_chains",
    "losses",
    "main_path",
    "non_confirmations",
    "ordinal_steps",
    "own_words",
    "perhaps_carriers",
    "phantom_sources",
    "published",
    "reach",
    "resting_on",
    "root_origins",
    "second_hand",
    "shape",
    "shape_by_sampled_parents",
    "single_points",
    "size_alone",
    "stations",
    "story",
    "story_path",
    "time_to_n",
    "told_as_fact",
    "turn",
    "uncoded_answers",
    "unlike_size_alone",
    "upgraded_sources",
    "versions",
    "without",
    "woozle_index",
]


def __dir__() -> list[str]:
    return sorted(set(__all__) - {"STATISTICS"})


_RENAMED = {
    "FIGURES": "STATISTICS", "farthest": "deepest_document", "in_time": "early_correction_effect", "speed": "time_to_n",
}  # fmt: skip


def __getattr__(name: str) -> object:
    from woozle import moved
    from woozle.errors import did_you_mean

    if name in _RENAMED:
        moved.tell(f"woozle.measure.{name}", f"woozle.measure.{_RENAMED[name]}")
        return globals()[_RENAMED[name]]
    raise AttributeError(f"woozle.measure has no '{name}'.{did_you_mean(name, __all__)}")
