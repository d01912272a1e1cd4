"""CP-SAT as a competitor: one core, and an optimum or the word that there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


def optimum(model: cp_model.CpModel) -> cp_model.CpSolver | None:
    """The solver with an optimum of the model in it, or None where nothing fits."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    assert status == cp_model.OPTIMAL
    return solver
