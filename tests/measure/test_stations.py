"""The stations that a correction names."""

import pytest

from woozle.errors import UnknownDocumentError
from woozle.measure import stations


def test_before_it_was_out_a_correction_names_nothing(flagship):
    assert stations(flagship.cascade(as_of="2024-06-20"), "nknews").empty
    assert len(stations(flagship.cascade(), "nknews"))


def test_a_document_that_is_not_in_the_case_is_told(flagship):
    with pytest.raises(UnknownDocumentError, match="Did you mean 'nknews'"):
        stations(flagship.cascade(), "nknew")
