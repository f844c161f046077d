"""tanh in double precision, from a table: twice as fast as NumPy's where that has no AVX-512.

With a the nearest multiple of h = 1/1024 and r = z − a, at most h/2 away from 0,

    tanh(a + r) = (tanh a + tanh r) / (1 + tanh a · tanh r)     (the addition theorem)
    tanh r = r − r³/3 + O(r⁵), where r⁵ is below 10⁻¹⁶

so one look-up and a dozen elementwise operations give it to within an ulp of 1. Training
spends about half its time here (``make bench``).
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.lib.introspect import opt_func_info
from numpy.typing import NDArray

Array = NDArray[Any]

_N = 1024  # table entries per unit of z
_END = 20  # beyond ±19.1 tanh is ±1 in double precision
_TABLE = np.tanh(np.arange(-_END * _N, _END * _N + 1) / _N)

# sum of squares of one array: far above any network worth looking at, and so small that
# |z| < 10⁶, whose index fits into 32 bits
_LARGEST = 1e12

# constants as arrays, which NumPy takes up in half the time it needs for a Python number
_PER_UNIT, _ONE = np.array(1.0 * _N), np.array(1.0)
_H, _CUBIC = np.array(1.0 / _N), np.array(-1.0 / (3.0 * _N**3))  # r = h s, −r³/3 = cubic · s³
# adding 1.5·2⁵² rounds a double to a whole number and leaves it in the low bits
_ROUND = np.array(1.5 * 2.0**52)
_SINGLE, _TWO = np.array(1, np.float32), np.array(2, np.float32)
_FIRST = _ROUND.view(np.int64) - _END * _N  # the bits that stand for the table's first entry


def table_tanh(z: Array, out: Array) -> Array:
    """tanh of a float64 array into ``out``, which must not be ``z`` itself."""
    if not np.vdot(z, z) < _LARGEST:  # also for NaN; the bits below would overflow
        return np.tanh(z, out=out)
    # only two arrays are made here, as memory is what this waits for: out holds the index
    # first, then tanh r, and the result last
    s = np.multiply(z, _PER_UNIT)
    nearest = np.add(s, _ROUND)
    index = np.subtract(nearest.view(np.int64), _FIRST, out=out.view(np.int64))
    index = index.astype(np.intp, copy=False)  # 32 bits wide in WebAssembly
    nearest -= _ROUND
    s -= nearest  # r in units of h
    # clipping stands for ±1 beyond the ends of the table
    tanh_a = _TABLE.take(index, out=nearest, mode="clip")
    tanh_r = np.multiply(s, s, out=out)
    tanh_r *= _CUBIC
    tanh_r += _H
    tanh_r *= s
    denominator = np.multiply(tanh_a, tanh_r, out=s)
    denominator += _ONE
    out += tanh_a
    out /= denominator
    return out


def exp_tanh(z: Array, out: Array) -> Array:
    """tanh of a float32 array into ``out``, to within 2·10⁻⁷: tanh z = 1 − 2/(e²ᶻ + 1)."""
    np.multiply(z, _TWO, out=out)
    with np.errstate(over="ignore"):  # e²ᶻ = ∞ gives 1
        np.exp(out, out=out)
    out += _SINGLE
    np.divide(_TWO, out, out=out)
    return np.subtract(_SINGLE, out, out=out)


def _numpy_is_faster() -> bool:
    """Whether NumPy's own tanh runs on AVX-512 here; its other versions are slower."""
    target = opt_func_info(func_name="^tanh$", signature="float64")["tanh"]["dd"]["current"]
    return "V4" in target or "AVX512" in target


USES_TABLE = not _numpy_is_faster()
USES_EXP = sys.platform == "emscripten"  # where NumPy's float32 tanh takes three times as long


def tanh(z: Array, out: Array | None = None) -> Array:
    """tanh of any float array, into ``out`` if given, by the faster way on this machine."""
    if USES_TABLE and z.dtype == np.float64:
        return table_tanh(z, np.empty_like(z) if out is None else out)
    if USES_EXP and z.dtype == np.float32:
        return exp_tanh(z, np.empty_like(z) if out is None else out)
    return np.tanh(z, out)
