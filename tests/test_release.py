"""A wheel works outside a checkout, and the version stands in one place."""

import datetime
import re
import shutil
import tomllib

import pytest

import woozle


@pytest.fixture
def release(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "tools"))
    import release

    return release


def test_one_version(root):
    version = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert woozle.__version__ == version
    assert f"\nversion: {version}\n" in (root / "CITATION.cff").read_text("utf-8")


def test_a_release_writes_its_version_wherever_it_stands(release, root, tmp_path, monkeypatch):
    for name in ("pyproject.toml", "CITATION.cff", "CHANGELOG.md"):
        shutil.copy(root / name, tmp_path)
    monkeypatch.setattr(release, "ROOT", tmp_path)
    release.set_version("7.8.9", datetime.date(2030, 1, 2))
    assert 'version = "7.8.9"' in (tmp_path / "pyproject.toml").read_text("utf-8")
    assert "\nversion: 7.8.9\n" in (tmp_path / "CITATION.cff").read_text("utf-8")
    assert re.search(r"^## 7\.8\.9 \(2030-01-02\)$", (tmp_path / "CHANGELOG.md").read_text("utf-8"), re.M)
    with pytest.raises(SystemExit, match="has 0 places"):  # the changelog has no open version any more
        release.set_version("7.9.0", datetime.date(2030, 1, 2))


@pytest.mark.whole
def test_a_wheel_works_outside_a_checkout(release, tmp_path, monkeypatch, root):
    """The wheel is built from a copy, so that nothing is left in the checkout."""
    home = tmp_path / "home"
    shutil.copytree(root / "lib", home / "lib", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, home)
    monkeypatch.setattr(release, "ROOT", home)
    release.try_wheel(release.build_wheel())
