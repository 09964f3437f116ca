"""Run notebooks with papermill in our own kernels; another process draws the charts meanwhile."""

from __future__ import annotations

import importlib
from concurrent.futures import Future, ThreadPoolExecutor

from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from woozle.errors import NotebookError
from woozle.kernel.painter import shared_painter
from woozle.pictures import PNG, VEGA_LITE, png_output

_WAITING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")  # for the painter


class Engine(NBClientEngine):
    """Run a notebook as papermill does, in a kernel whose environment is fixed."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, start_timeout=60, execution_timeout=None, **kwargs):
        """Run the notebook of `nb_man`; the parameters are those of papermill's own engine."""
        from woozle.kernel.kernels import Manager

        kept = remove_args(["input_path", "timeout", "startup_timeout"], **kwargs)
        final = merge_kwargs(
            kept,
            timeout=execution_timeout or kwargs.get("timeout"),
            startup_timeout=start_timeout,
            log=logger,
            kernel_manager_class=Manager,
        )
        client = _Client(nb_man, **final)
        _WAITING.submit(_warm_up)
        try:
            notebook = client.execute()
        except DeadKernelError as error:
            setattr(error, "source", client.running)  # noqa: B010 - report.execution reads it
            raise
        client.put_pictures_in()
        return notebook


class _Client(PapermillNotebookClient):
    """A client that has the picture of each chart drawn as soon as the chart arrives."""

    def __init__(self, *args, **traits):
        self._pictures: list[tuple[NotebookNode, Future[bytes]]] = []
        self.running = ""  # the code of the cell that runs
        super().__init__(*args, **traits)

    def execute_cell(self, cell, cell_index, **options):
        self.running = cell.source
        return super().execute_cell(cell, cell_index, **options)

    def process_message(self, *args, **kwargs):
        output = super().process_message(*args, **kwargs)
        data = (output or {}).get("data", {})
        if output and VEGA_LITE in data and PNG not in data:
            self._pictures.append((output, _WAITING.submit(shared_painter().draw, data[VEGA_LITE])))
        return output

    def put_pictures_in(self) -> None:
        for output, picture in self._pictures:
            try:
                data, metadata = png_output(picture.result())
            except ValueError as error:
                reason = str(error).strip().splitlines()[0][:200]
                raise NotebookError(f"A cell shows a chart that can't be drawn: {reason}") from error
            # In the order in which a chart in a plain kernel has them.
            output.data = NotebookNode({VEGA_LITE: output.data[VEGA_LITE], **data} | output.data)
            output.metadata.update(metadata)


def _warm_up() -> None:
    """Start the painter and import what the page will need, while the kernel is starting."""
    shared_painter()
    for name in ("PIL.Image", "rocrate.rocrate", "woozle.page.html", "jinja2"):
        importlib.import_module(name)
