"""Who has reviewed what: the review that counts, in words."""

from ketaref.model.dataset import NOT_REVIEWED, Review, review_in_words
from tests.conftest import TODAY

OURS, OTHER = "0" * 64, "1" * 64


def review(day: int, covered: str, sha256: str = OURS) -> Review:
    return Review(
        role="pharmacist",
        organisation="A hospital",
        reviewed=TODAY.replace(day=day),
        version="1",
        covered=covered,
        sha256=sha256,
    )


def test_the_latest_of_several_reviews_is_shown() -> None:
    reviews = (review(3, "a part"), review(9, "all"), review(5, "another part"))
    assert review_in_words(reviews, OURS) == "reviewed 2026-11-09 by pharmacist, A hospital: all"


def test_a_later_review_of_other_data_does_not_count() -> None:
    reviews = (review(3, "a part"), review(9, "all", OTHER))
    assert review_in_words(reviews, OURS) == "reviewed 2026-11-03 by pharmacist, A hospital: a part"
    assert review_in_words(reviews[1:], OURS) == NOT_REVIEWED == "not reviewed by a clinician"
