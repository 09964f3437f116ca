"""What runs in the sandbox: a student's notebook, cell by cell, and what each answer came to.

It is started as a script, with the job as a file, and prints one line of JSON for each answer cell as soon as that has
run: what comes later can't take away what was answered before. Nothing that it prints is trusted outside.
"""

from __future__ import annotations

import json
import os
import resource
import sys

# Runs in the student's kernel: turns an answer into plain values; anything else is told by its type.
_HAND_OUT = """
def _(name):
    import json
    from IPython.display import publish_display_data
    from itertools import islice
    def plain(value, depth=0):
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if hasattr(value, "to_dict") and not hasattr(value, "columns"):
            value = value.to_dict()
        if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
            return value.item()
        if isinstance(value, dict) and depth == 0:
            return {str(key): plain(entry, 1) for key, entry in islice(value.items(), 500)}
        if depth == 0 and hasattr(value, "__iter__") and not hasattr(value, "columns"):
            found = [plain(entry, 1) for entry in islice(value, 500)]
            return sorted(found, key=str) if isinstance(value, (set, frozenset)) else found
        return str(value)[:300] if hasattr(value, "isoformat") else {"type": type(value).__name__}
    value = get_ipython().user_ns.get(name)
    publish_display_data({MIME: None if value is ... else plain(value)})
_(NAME)
del _
"""
MIME = "application/vnd.woozle.answer+json"
MOST_TEXT = 4000  # letters of a cell's output that are handed out


def main(path: str) -> None:
    """Run the job in a file: `notebook`, `answers` (name by number of the cell), `processes`, `cell_seconds`."""
    with open(path, encoding="utf-8") as file:
        job = json.load(file)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if job["bounded"]:
        for name, most in (
            ("NPROC", job["processes"]),
            ("AS", job["memory"] * 4),
            ("FSIZE", job["disk"]),
            ("NOFILE", 512),
        ):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))

    def tell(**facts: object) -> None:
        out.write(json.dumps(facts) + "\n")
        out.flush()

    run(job, tell)


def run(job: dict, tell) -> None:
    """Run a notebook's code cells in order; errors do not stop it, a dead kernel does."""
    from typing import ClassVar

    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    class Client(NotebookClient):
        """Keeps no more of a cell's output than is handed out."""

        def process_message(self, msg, cell, cell_index):
            if msg["msg_type"] in ("stream", "display_data", "execute_result"):
                size = len(str(msg["content"]))
                self.told[cell_index] = self.told.get(cell_index, 0) + size
                if self.told[cell_index] > 50 * MOST_TEXT:
                    return None
            return super().process_message(msg, cell, cell_index)

        told: ClassVar[dict] = {}

    notebook = nbformat.from_dict(job["notebook"])
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    client = Client(
        nbformat.v4.new_notebook(),
        timeout=job["cell_seconds"],
        startup_timeout=60,
        interrupt_on_timeout=True,
        allow_errors=True,
        store_widget_state=False,
    )
    with client.setup_kernel():
        tell(started=True)
        for number, cell in enumerate(cells):
            name = job["answers"].get(str(number))
            try:
                done = _execute(client, cell)
                value = _value(client, name) if name else None
            except (DeadKernelError, CellTimeoutError) as error:
                tell(died=name or "", why=type(error).__name__)
                return
            error = next((o for o in done.outputs if o.output_type == "error"), None)
            failed = f"{error.ename}: {error.evalue}"[:500] if error else ""
            if name:
                tell(item=name, value=value, text=_text(done.outputs), error=failed)
            elif failed:
                tell(failed=number + 1, error=failed)
    tell(done=True)


def _execute(client, cell):
    import nbformat

    if not cell.source.strip():
        return nbformat.v4.new_code_cell()
    fresh = nbformat.v4.new_code_cell(cell.source)
    client.nb.cells.append(fresh)
    return client.execute_cell(fresh, len(client.nb.cells) - 1)


def _value(client, name: str) -> object:
    import nbformat

    code = _HAND_OUT.replace("NAME", json.dumps(name)).replace("MIME", json.dumps(MIME))
    done = _execute(client, nbformat.v4.new_code_cell(code))
    found = [
        output.data[MIME] for output in done.outputs if output.output_type == "display_data" and MIME in output.data
    ]
    return found[-1] if found else None


def _text(outputs) -> str:
    parts = []
    for output in outputs:
        if output.output_type == "stream":
            parts.append(output.text)
        elif output.output_type in ("display_data", "execute_result"):
            parts.append(output.data.get("text/plain", ""))
    return "\n".join(map(str, parts))[:MOST_TEXT]


if __name__ == "__main__":
    main(sys.argv[1])
