"""Animations of vector states: dots are the recorded numbers, at the recorded times."""

import numpy as np
import PIL.Image
import pytest
from particles import parallel

import memnet as mn

TRAIN = mn.drive.pulses(0.0, 5.0, length=0.1, spacing=0.1)
DEVICE = mn.DiffusiveMemristor(n=7)


def sim(n=3, device=DEVICE, **options):
    return parallel(device, TRAIN, n=n, dt=0.05, **options)


def dots(film, frame):
    """What a frame shows: values and heights of the dots, the mark of the time, the title."""
    film.animation._func(frame)
    above, below = film.animation._fig.axes
    drawn = next(line for line in above.lines if line.get_linestyle() == "None")
    return (*drawn.get_data(), below.lines[1].get_xdata()[0], above.get_title())


@pytest.mark.parametrize("record", [["state:x"], {"snapshot:state:x": (DEVICE, range(0, 40, 4))}])
def test_frames_are_what_was_recorded(record):
    data = sim().run(40, record=record)
    every = 4 if "state_x" in data else 1
    film = mn.plot.animate(data, state="x", every=every)
    assert film.frames == 10
    x = data["state_x"].values[::4] if "state_x" in data else data["snapshot_state_x"].values
    for frame in (0, 3, 9):
        values, heights, mark, title = dots(film, frame)
        np.testing.assert_array_equal(values, x[frame].ravel())
        np.testing.assert_array_equal(heights, np.repeat([0.0, 1.0, 2.0], 7))
        assert mark == pytest.approx(frame * 0.2)
        assert title == f"t = {frame * 0.2:,.6g} s"
    assert np.ptp(x[0]) != np.ptp(x[9])


def test_a_simulation_takes_the_steps_and_shows_the_same():
    live = sim()
    live.step(8)
    film = mn.plot.animate(live, state="x", steps=20, every=5)
    assert (film.frames, live.steps_done) == (4, 28)
    again = sim()
    again.step(8)
    x = again.run(20, record="state:x")["state_x"].values
    for frame in range(4):
        values, _, mark, _ = dots(film, frame)
        np.testing.assert_array_equal(values, x[5 * frame].ravel())
        assert mark == pytest.approx(0.05 * (8 + 5 * frame))


def test_the_axis_spans_the_range_of_the_state_and_has_the_edges():
    data = sim(n=12).run(4, record="state:x")
    ax = mn.plot.animate(data, state="x").animation._fig.axes[0]
    assert [line.get_xdata()[0] for line in ax.lines[:2]] == [-1.0, 1.0]
    assert [text.get_text() for text in ax.get_yticklabels()] == [str(k) for k in range(10)]
    film = mn.plot.animate(data, state="x", edges=[11, 2])
    values, heights, _, _ = dots(film, 1)
    np.testing.assert_array_equal(values, data["state_x"].values[1, [11, 2]].ravel())
    assert set(heights) == {0.0, 1.0}
    assert [text.get_text() for text in film.animation._fig.axes[0].get_yticklabels()] == ["11", "2"]


def test_of_several_devices_each_is_named():
    other = mn.DiffusiveMemristor(n=7, theta0=0.3)
    both = sim(n=2, others=[other])
    data = both.run(6, record={"state:x": [DEVICE, other]})
    film = mn.plot.animate(data, state="x_1")
    values, _, _, _ = dots(film, 5)
    np.testing.assert_array_equal(values, data["state_x_1"].values[5].ravel())
    assert film.animation._fig.axes[0].get_yticklabels()[0].get_text() == "2"
    with pytest.raises(ValueError, match="state='x' is one of 2 devices; run with record="):
        mn.plot.animate(sim(n=2, others=[other]), state="x")


def test_it_is_written_as_a_gif_in_which_dots_move(tmp_path):
    mn.plot.animate(sim(n=2), state="x", steps=40, every=20).save(tmp_path / "dots.gif")
    with PIL.Image.open(tmp_path / "dots.gif") as image:
        assert (image.n_frames, image.info["duration"]) == (2, 60)
        frames = []
        for frame in range(2):
            image.seek(frame)
            frames.append(np.asarray(image.convert("RGB")))
    assert (frames[0] != frames[1]).any()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"state": "y"}, "source has no state 'y'"),
        ({"state": "theta"}, "must be of numbers an edge"),
        ({"state": "x", "edges": [0, 7]}, r"edges must be among those recorded, \[0, 1, 2\], got \[7\]"),
        ({"state": "x", "edges": True}, "edges must be among those recorded"),
        ({"state": "x", "edges": []}, "edges must be among those recorded"),
        ({"edges": [0]}, "edges=.* are those of a state"),
        ({"state": "x", "cmap": "viridis"}, "cmap='viridis' is of the potential"),
        ({"state": "x", "steps": 3}, "steps=3 is for a simulation"),
    ],
)
def test_what_makes_no_film_is_refused(arguments, words):
    data = sim().run(4, record=["state:x", "state:theta", "potential"])
    with pytest.raises(ValueError, match=words):
        mn.plot.animate(data, **arguments)


def test_simulations_without_such_a_state_are_refused():
    with pytest.raises(ValueError, match="no device has such a state"):
        mn.plot.animate(parallel(mn.RateBalance(), 1.0), state="x")
    with pytest.raises(ValueError, match="unknown state 'y'"):
        mn.plot.animate(sim(), state="y")
    with pytest.raises(TypeError, match="state must be the name of a state"):
        mn.plot.animate(sim(), state=3)
