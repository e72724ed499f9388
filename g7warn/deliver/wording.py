"""A notice in words: headline, reasons, facts and banners, in any of the languages.

Reasons arrive as data (`Finding`: key, values, thresholds). They are worded in three ways, and the
first that the catalogue can serve is taken: the message `finding.<key>`; a general form with the
indicator's name (`finding.scored` or `finding.generic`); the English text, marked as English.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from g7warn.deliver.measures import format_measure, label_measure
from g7warn.deliver.message import Fact
from g7warn.domain.alert import EventKind, Grade, Measure
from g7warn.domain.criterion import parse_criterion
from g7warn.domain.marking import MessageStatus
from g7warn.domain.signal import Certainty

if TYPE_CHECKING:
    from g7warn.deliver.language import Words
    from g7warn.domain.alert import Condition, GradeChange
    from g7warn.domain.notice import Finding, Notice, TrackRecord

_SCORED = frozenset({"followed_share", "base_rate_share", "step_pct"})
"""Numbers that every scoring indicator gives beside its score."""

_BANNERS = {
    MessageStatus.EXERCISE: "banner.exercise",
    MessageStatus.TEST: "banner.test",
    MessageStatus.DRAFT: "banner.draft",
    MessageStatus.SYSTEM: "banner.system",
}


def word_subject(notice: Notice, words: Words) -> str:
    """Return what kind of stress it is: "price rise"."""
    return words.say(f"subject.{notice.fingerprint.family}.{notice.fingerprint.direction}")


def word_place(notice: Notice, words: Words) -> str:
    """Return the mineral, with the area in parentheses where it is not the world."""
    mineral = words.mineral(notice.mineral or notice.fingerprint.mineral)
    area = notice.fingerprint.area
    if area == "world":
        return mineral
    return words.say("place", mineral=mineral, area=words.area(area))


def word_grade(grade: Grade, words: Words) -> str:
    """Return the name of a grade."""
    return words.say(f"grade.{grade.label}")


def word_headline(notice: Notice, words: Words) -> str:
    """Return one line: mineral, grade, what, how sure, by when."""
    parts = {"mineral": word_place(notice, words), "subject": word_subject(notice, words)}
    if notice.kind in {EventKind.ENDED, EventKind.WITHDRAWN}:
        return words.say(f"headline.{notice.kind}", **parts)
    parts["grade"] = word_grade(notice.grade, words)
    if notice.grade == Grade.BLIND:
        return words.say("headline.blind", **parts)
    if notice.certainty == Certainty.OBSERVED or not notice.horizon_months:
        return words.say("headline.observed", **parts)
    return words.say(
        "headline.forecast",
        **parts,
        certainty=words.say(f"certainty.{notice.certainty.name.lower()}"),
        probability=words.percent(notice.probability),
        within=words.count("within.months", notice.horizon_months),
    )


def word_step(notice: Notice, words: Words) -> str:
    """Return what has happened to the alert."""
    key = "repeat" if notice.repeat else notice.kind
    return words.say(
        f"step.{key}",
        grade=word_grade(notice.grade, words),
        previous=word_grade(notice.previous_grade, words),
    )


def word_banners(notice: Notice, words: Words) -> tuple[str, ...]:
    """Return what must be read before anything else, in order of weight."""
    keys = [_BANNERS[notice.status]] if notice.status in _BANNERS else []
    keys += ["banner.simulated"] if notice.is_simulated else []
    if notice.status is not MessageStatus.SYSTEM:
        keys.append("banner.reviewed" if notice.is_reviewed else "banner.automatic")
    banners = [words.say(key) for key in keys]
    if notice.repeat:
        banners.append(words.say("banner.reminder", number=words.number(notice.repeat, digits=0)))
    return tuple(banners)


def word_facts(notice: Notice, words: Words) -> tuple[Fact, ...]:
    """Return the labelled values of a notice, most telling first."""
    values = {"grade": word_grade(notice.grade, words)}
    if notice.previous_grade != notice.grade:
        values["previous_grade"] = word_grade(notice.previous_grade, words)
    if notice.grade > Grade.NORMAL:
        values["severity"] = words.say(f"severity.{notice.severity.name.lower()}")
        values["certainty"] = words.say(f"certainty.{notice.certainty.name.lower()}")
        if notice.horizon_months:
            values["probability"] = words.percent(notice.probability)
            values["horizon"] = words.months(notice.horizon_months)
        values["window"] = f"{words.date(notice.onset)} \N{EN DASH} {words.date(notice.expires)}"
        if notice.criterion:
            values["criterion"] = word_criterion(notice.criterion, words)
        values["track_record"] = word_record(notice.track_record, notice.certainty, words)
        if notice.changes:
            values["changes"] = " ".join(word_change(one, words) for one in notice.changes)
    if notice.hs:
        values["hs"] = ", ".join(notice.hs)
    return tuple(Fact(label=words.say(f"label.{key}"), value=v) for key, v in values.items())


def word_criterion(criterion: str, words: Words) -> str:
    """Return a criterion in words; those without a message of their own stay in English.

    Example:
        >>> from g7warn.deliver.language import Words
        >>> word_criterion("price +50 % or more within 6 months", Words("it"))
        'prezzo +50% o più in 6 mesi'
    """
    if words.language == "en":
        return criterion
    meant = parse_criterion(criterion)
    if meant is None:
        return words.say("finding.untranslated", text=criterion)
    change, span = words.percent(meant.share, is_signed=True), words.months(float(meant.months))
    return words.say(f"criterion.{meant.kind}", change=change, span=span)


def word_change(change: GradeChange, words: Words) -> str:
    """Return what would change a grade, as a sentence.

    Example:
        >>> from g7warn.deliver.language import Words
        >>> from g7warn.domain.alert import Condition, GradeChange, Measure
        >>> price = {"measure": Measure.PRICE, "criterion": "", "unit": "USD/t"}
        >>> above = Condition(**price, period="2022-04", bound=31250.0, is_below=False)
        >>> word_change(GradeChange(grade=Grade.CRITICAL, conditions=(above,)), Words("en"))
        'Critical when the price of April 2022 is above 31,250 USD/t.'
    """
    conditions = words.say("change.and").join(
        _word_condition(condition, words) for condition in change.conditions
    )
    if change.grade == Grade.NORMAL:
        return words.say("change.over", conditions=conditions)
    return words.say("change", grade=word_grade(change.grade, words), conditions=conditions)


def _word_condition(condition: Condition, words: Words) -> str:
    side = "below" if condition.is_below else "above"
    if condition.measure == Measure.PRICE:
        bound = f"{words.number(condition.bound)} {condition.unit}"
        month = words.period(condition.period)
        return words.say(f"change.price.{side}", month=month, bound=bound)
    criterion = word_criterion(condition.criterion, words)
    if condition.measure == Measure.FINDING:
        return words.say("change.finding", criterion=criterion)
    bound = words.percent(condition.bound)
    return words.say(f"change.probability.{side}", criterion=criterion, bound=bound)


def word_record(record: TrackRecord | None, certainty: Certainty, words: Words) -> str:
    """Return how earlier alerts of a kind turned out; one that is observed foretells nothing."""
    if certainty == Certainty.OBSERVED:
        return words.say("record.observed")
    if record is None or not record.alerts:
        return words.say("record.none")
    key = "record.lead" if record.hits and record.median_lead_months else "record"
    return words.say(
        key,
        hits=words.number(record.hits, digits=0),
        alerts=words.number(record.alerts, digits=0),
        lead=words.months(record.median_lead_months),
    )


def word_finding(finding: Finding, words: Words) -> str:
    """Return one reason as a sentence."""
    if words.language == "en" and finding.text:
        return finding.text
    key = f"finding.{finding.key}"
    values = _format_numbers(finding, words)
    if words.has(key) and words.wants(key) <= set(values):
        return words.say(key, **values)
    sentence = _word_score(finding, words) or _word_generic(finding, words)
    return sentence or words.say("finding.untranslated", text=finding.text)


def _format_numbers(finding: Finding, words: Words) -> dict[str, str]:
    """Return every number by name, thresholds also as `threshold_<name>`."""
    numbers = {**finding.thresholds, **finding.values}
    values = {name: format_measure(name, number, words) for name, number in numbers.items()}
    return values | {
        f"threshold_{name}": format_measure(name, number, words)
        for name, number in finding.thresholds.items()
    }


def _word_score(finding: Finding, words: Words) -> str:
    """Return the sentence of an indicator that scores: score, threshold, what followed before."""
    indicator, values = f"indicator.{finding.key}", _format_numbers(finding, words)
    scores = [name for name in finding.values if name in finding.thresholds]
    if not set(values) >= _SCORED or len(scores) != 1 or not words.has(indicator):
        return ""
    return words.say(
        "finding.scored",
        indicator=words.say(indicator),
        score=values[scores[0]],
        threshold=values[f"threshold_{scores[0]}"],
        step=values["step_pct"],
        followed=values["followed_share"],
        base=values["base_rate_share"],
    )


def _word_generic(finding: Finding, words: Words) -> str:
    indicator = f"indicator.{finding.key}"
    parts: list[str] = []
    for name, number in finding.values.items():
        if not (label := label_measure(name, words)):
            continue
        parts_of = {"label": label, "value": format_measure(name, number, words)}
        if name in finding.thresholds:
            threshold = format_measure(name, finding.thresholds[name], words)
            parts.append(words.say("finding.against", threshold=threshold, **parts_of))
        else:
            parts.append(words.say("finding.plain", **parts_of))
    if not parts or not words.has(indicator):
        return ""
    return words.say("finding.generic", indicator=words.say(indicator), values="; ".join(parts))
