"""One thread of linear algebra, however many threads of a worker ask for it."""

from threadpoolctl import threadpool_info, threadpool_limits

from nnviz.sweeps.threads import OneThread


def blas_threads():
    """Threads of NumPy's own library; SciPy may have loaded another."""
    libraries = [each for each in threadpool_info() if each["user_api"] == "blas"]
    return {each["num_threads"] for each in libraries if "numpy" in each["filepath"]}


def test_the_limit_holds_until_the_last_one_leaves():
    with threadpool_limits(2, user_api="blas"):
        before = blas_threads()
        shared = OneThread()
        with shared:
            with shared:
                assert blas_threads() == {1}
            assert blas_threads() == {1}
        assert blas_threads() == before == {2}
