"""Published ketamine ranges in anxiety: reference information, not prescribing guidance."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ketaref.reference import Reference

__all__ = ["Reference", "__version__"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever has that name
    # Loaded when it is used: `import ketaref` alone costs next to nothing.
    if name == "Reference":
        from ketaref.reference import Reference

        return Reference
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
