"""Loads each pickle of standard input (hex, a line each) with both unpicklers of CPython.

find_class imports nothing: it gives classes that note what is done to them. Prints a line of JSON for each pickle:
what happened, and whether it was loaded, for `pickle.py` and for `_pickle.c`.
"""
import io
import json
import pickle
import sys

acts = []


class Note:
    """A method that notes its use, of a class as of its instances."""

    def __init__(self, what, each):
        self.what, self.each = what, each

    def __get__(self, instance, owner):
        def note(*args):
            count = len(args[0]) if self.each else 1
            acts.extend([[self.what, owner.__name__]] * count)
        return note


class Kind(type):
    append = Note('item', False)

    def __setitem__(cls, key, value):
        acts.append(['pair', cls.__name__])


def made(name):
    def new(cls, *args, **named):
        acts.append(['call', cls.__name__])
        return object.__new__(cls)

    def called(self, *args, **named):
        acts.append(['call', type(self).__name__])
        return self

    def set_item(self, key, value):
        acts.append(['pair', type(self).__name__])

    return Kind(name, (), {
        '__new__': new, '__init__': lambda self, *args, **named: None, '__call__': called, '__setitem__': set_item,
        '__setstate__': Note('build', False), 'extend': Note('item', True), 'append': Note('item', False),
        'add': Note('item', False),
    })


def unpickler(base):
    class Recording(base):
        def __init__(self, file):
            super().__init__(file)
            self.found = {}
            self.handed = object.__new__(made('persistent'))

        def find_class(self, module, name):
            if (module, name) not in self.found:
                acts.append(['find', f'{module} {name}'])
                self.found[module, name] = made(name)
            return self.found[module, name]

        def persistent_load(self, pid):
            acts.append(['persistent', ''])
            return self.handed
    return Recording


def outcome(base, data):
    acts.clear()
    try:
        unpickler(base)(io.BytesIO(data)).load()
        loaded = True
    except Exception as error:
        loaded = False
    return {'acts': list(acts), 'loaded': loaded}


for line in sys.stdin:
    data = bytes.fromhex(line)
    print(json.dumps([outcome(pickle._Unpickler, data), outcome(pickle.Unpickler, data)]))
