"""Checks what the plate renderer promises: texts of the asked country and line count, ink where it says that characters stand.

    python3 check_renderer.py FOLDER
"""
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'models' / 'training'))
import numpy as np

from plates.countries import load_countries, parse_pattern
from plates.render import PlateRenderer
from plates.views import HEIGHT, WIDTH, view


def fits(text, country):
    """Whether one of the country's formats has this text."""
    sets = [[chars for group in f.groups for chars in group] for f in country.formats]
    return any(len(s) == len(text) and all(c in chars for c, chars in zip(text, s)) for s in sets)


def check_plates(renderer):
    for code, country in load_countries().items():
        for two in (False, True):
            plate = renderer.render(random.Random(f'{code}{two}'), two_line=two, country=code)
            text = ''.join(plate.lines)
            assert plate.country == code and fits(text, country), (code, plate.lines)
            assert [len(line) for line in plate.middles] == [len(line) for line in plate.lines], plate.lines
            height, width = plate.image.shape[:2]
            points = [point for line in plate.middles for point in line]
            assert all(0 <= x < width and 0 <= y < height for x, y in points), (code, points, plate.image.shape)
            assert not two or len(plate.lines) == 2, plate.lines


def check_same_seed(renderer):
    first, again = (renderer.render(random.Random(3)) for _ in range(2))
    assert np.array_equal(first.image, again.image) and first.lines == again.lines


def check_views(renderer):
    """Easy views move the middles as they move the ink: the first character's middle stays left of the last one's."""
    rng = random.Random(4)
    for _ in range(60):
        plate = renderer.render(rng, two_line=False)
        crop, points = view(rng, plate.image, np.zeros((8, 20, 3), np.uint8), hard=False, points=plate.middles[0])
        assert crop.shape == (HEIGHT, WIDTH, 3) and crop.dtype == np.uint8, crop.shape
        assert (np.diff(points[:, 0]) > 0).all() and points[0, 0] > 0 and points[-1, 0] < WIDTH, points


def check_patterns():
    assert parse_pattern("A9-[BD]'W'", 'XY') == (('XY', '0123456789'), ('BD', 'W'))
    try:
        parse_pattern('A?9')
    except ValueError as error:
        assert 'A?9' in str(error)
    else:
        raise AssertionError('a pattern with an unknown sign was taken')


if __name__ == '__main__':
    target = PlateRenderer(sys.argv[1])
    check_plates(target)
    check_same_seed(target)
    check_views(target)
    check_patterns()
    print('renderer: passed')
