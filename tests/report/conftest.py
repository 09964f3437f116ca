import shutil

import pytest

import tiny


@pytest.fixture
def checkout(root, tmp_path):
    """A copy of the flagship's data and notebook, with evidence that is quick to run."""
    for part in ("data", "case_studies"):
        shutil.copytree(root / part / "dprk_troops_2024", tmp_path / part / "dprk_troops_2024")
    shutil.copy(root / "requirements.lock", tmp_path)
    tiny.write_evidence(tmp_path)
    return tmp_path
