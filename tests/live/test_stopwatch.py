from nnviz.live.stopwatch import Stopwatch


def test_it_stands_still_while_others_have_their_turn():
    now = [10.0]
    watch = Stopwatch(lambda: now[0])
    assert watch() == 10
    now[0] = 12
    watch.pause()
    now[0] = 15
    watch.resume()
    assert watch() == 12
    now[0] = 16
    watch.pause()
    watch.resume()
    assert watch() == 13
