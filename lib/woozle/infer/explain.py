"""Say in words why a hop is proposed: each feature that speaks for it, with what it saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

import pandas as pd

from woozle.infer.model import NOBODY, Evidence, Model

_LEAST = 0.2  # logarithm of odds above the mean of all candidates, from which on a feature is worth a word
_MOST = 3  # reasons
# The best value of these is 0, so a value near 0 is a reason. For other features only a value above 0 is one.
_BEST_AT_ZERO = ("before", "recency", "usual_delay", "hours", "names_left_out", "kind_relied_on")


def centred_parts(pairs: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Return what each feature adds to the score of a pair, beyond what it adds to the mean candidate.

    The logarithm of the chance that the candidate was out before, `before`, is one of them. The values for
    "no source in this collection" are not centred: they are compared with all candidates.
    """
    parts = model.parts(pairs)
    parts.insert(0, "before", pairs["before"].astype(float))
    real = pairs["cited"] != NOBODY
    means = parts[real].groupby([pairs["collection"], pairs["citing"]]).transform("mean")
    parts.loc[real] = parts.loc[real] - means
    return parts


def reason(evidence: Evidence, citing: str, cited: str, parts: Mapping[str, float], values: Mapping[str, float]) -> str:
    """Return in one sentence what speaks most for a hop, given the parts and the values of its features."""
    if cited == NOBODY:
        usual = parts.get("unsourced_kind", 0.0) > _LEAST
        return "documents of its kind have no known source here" if usual else "no candidate stands out"
    there = [name for name in parts if name in _BEST_AT_ZERO or values[name] > 0]
    strong = sorted((name for name in there if parts[name] > _LEAST), key=lambda name: -parts[name])
    said = [words for name in strong if (words := _words(evidence, citing, cited, name, values[name]))]
    said = list(dict.fromkeys(said))[:_MOST]
    return "; ".join(said) or "nothing speaks for it in particular"


def _words(evidence: Evidence, citing: str, cited: str, feature: str, value: float) -> str:
    """Return what one feature says of a pair; nothing where it says only that others fare worse."""
    observed = evidence.observed
    item, other = observed.documents[citing], observed.documents[cited]
    relied = sum(hop[0] == cited and hop[1] != citing for hop in observed.hops)
    if feature == "attribution":
        findings = [f for f in evidence.attribution.findings(citing) if f.name in other.names]
        denied = bool(findings) and all(f.denied for f in findings)
        how = "credit" if any(f.credited for f in findings) else "report a denial by" if denied else "name"
        return f"the document's words {how} {_called(evidence, citing, cited)}"
    if feature == "details":
        agreed = evidence.details.agreeing(citing, cited)
        titles = [f"“{observed.slots[slot]}”" for slot in agreed[:3]]
        return f"both say the same of {_listed(titles)}" if agreed else ""
    if feature == "statement":
        return "both tell it as equally real and equally sure"
    if feature == "same_speaker":
        return "both have it from the same speaker"
    if feature == "relied_on":
        return (
            f"{relied} other document{'s' * (relied != 1)} rel{'y' if relied != 1 else 'ies'} on it" if relied else ""
        )
    if feature == "before":
        sure = "surely" if value >= log(0.999) else "probably" if value > log(0.5) else ""
        return f"it was {sure} out before" if sure else ""
    if feature == "wording":
        return f"their words are alike ({evidence.wording.likeness(citing, cited):.2f} of 1)"
    return {
        "latest_named": "it is the latest document of the outlet that is named",
        "first_named": "its author is named first",
        "speaker": "the claim is attributed to it",
        "relayed_speaker": "the claim is attributed to it, through others",
        "same_author": "both are by the same author",
        "addressed": "it is addressed to the author of the document",
        "expected_names": "the document names just those whom an answer to it would name",
        "one_more_name": "the document names one user more than it, perhaps its author",
        "names_left_out": "the document leaves out nobody whom an answer to it would name",
        "rare_words": "both use words that no other document uses",
        "quoted_post": "the document repeats its words",
        "recency": "few documents came between the two",
        "latest": "it was the last one out",
        "hours": "it was out shortly before",
        "first_out": "it began the collection",
        "usual_delay": "the delay is usual",
        "habit": "the one outlet relies on the other elsewhere",
        "kind_relied_on": "others rely on documents of its kind",
        "same_language": f"both are in the same language ({item.language})",
        "both_coded": "both state the claim",
    }.get(feature, "")


def _called(evidence: Evidence, citing: str, cited: str) -> str:
    """Return the name by which a document calls another."""
    names = evidence.observed.documents[cited].names
    found = [finding.name for finding in evidence.attribution.findings(citing) if finding.name in names]
    mentioned = [name for name in evidence.observed.documents[citing].mentions if name in names]
    return (found or mentioned or [cited])[0]


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else "".join(words)
