"""Makes a project loadable without its packages.

A package that is not installed is replaced by modules whose every name is a class that accepts anything. What a
framework then says is said of the project's own code only.
"""

import importlib.abc
import importlib.machinery
import inspect
import sys
import types
from pathlib import Path

STUBBED = set()
PROJECT = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path()


class Permissive:
    """What a class has for a base that is not there."""

    def __init__(self, *args, **kwargs):
        pass

    def __init_subclass__(cls, **kwargs):
        pass

    def __class_getitem__(cls, key):
        return cls


class Readable(type):
    def __getattr__(cls, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Anything(name)


class PermissiveAlone(Permissive, metaclass=Readable):
    """The same where no other base is there: it can be read as well."""


class Anything:
    """Stands for a name of a package that is not there: it can be called, read, iterated over and inherited from."""

    def __init__(self, name="anything"):
        self.__name__ = self.__qualname__ = name
        self.__module__ = "stub"

    def __getattr__(self, name):
        if name == "__all__":
            return ()
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Anything(name)

    def __call__(self, *args, **kwargs):
        # As a decorator it gives back what it decorates: something of the project itself.
        if len(args) == 1 and not kwargs and (inspect.isfunction(args[0]) or inspect.isclass(args[0])):
            if own(args[0].__module__):
                return args[0]
        return Anything(self.__name__)

    def __mro_entries__(self, bases):
        first = next(base for base in bases if isinstance(base, Anything))
        # Another base brings what accepts anything already.
        if first is not self or any(isinstance(base, type) and issubclass(base, Permissive) for base in bases):
            return ()
        # A metaclass of ours would stand against the one of another base.
        return (PermissiveAlone if all(isinstance(base, Anything) for base in bases) else Permissive,)

    def __instancecheck__(self, instance):
        return False

    def __subclasscheck__(self, subclass):
        return False

    def __getitem__(self, key):
        return Anything(str(key))

    def __setitem__(self, key, value):
        pass

    def __iter__(self):
        return iter(())

    def __contains__(self, item):
        return False

    def __len__(self):
        return 0

    def __bool__(self):
        return True

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def __or__(self, other):
        return self

    __ror__ = __and__ = __add__ = __radd__ = __mul__ = __sub__ = __truediv__ = __mod__ = __or__
    __rmul__ = __rsub__ = __rtruediv__ = __pow__ = __or__

    def __lt__(self, other):
        return False

    def __gt__(self, other):
        return True

    __lshift__ = __rshift__ = __or__
    __le__ = __lt__
    __ge__ = __gt__

    def __int__(self):
        return 0

    def __fspath__(self):
        return ""

    def __str__(self):
        return ""


class StubModule(types.ModuleType):
    __all__ = ()
    __version__ = "99.0"

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        made = type(name, (Exception,), {}) if name.endswith(("Error", "Exception", "Warning", "Timeout")) else Anything(name)
        setattr(self, name, made)
        return made


class StubFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """The last finder: whatever no other one knows, unless it belongs to a package that is there."""

    def find_spec(self, fullname, path=None, target=None):
        root = fullname.partition(".")[0]
        # One of another platform, or a compiler's: whoever asks is prepared for its absence.
        if root in sys.stdlib_module_names or root == "cython":
            return None
        if root not in STUBBED and (root in sys.modules or (PROJECT / root).exists() or (PROJECT / f"{root}.py").exists()):
            return None
        STUBBED.add(root)
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec):
        module = StubModule(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module):
        pass

    def get_filename(self, fullname):
        """Flask asks for it to find templates."""
        return __file__


def own(module):
    """Whether a module is of the project that was asked for."""
    file = getattr(sys.modules.get(module), "__file__", None)
    return file is not None and Path(file).resolve().is_relative_to(PROJECT)
