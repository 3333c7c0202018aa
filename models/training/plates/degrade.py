"""What cameras do to a picture: light, blur, noise, compression. Works in place of an 8-bit BGR image of any size."""
import cv2
import numpy as np


def light(rng, image):
    """Exposure, gamma, tint (sodium light, infra-red flash, dusk) and a shadow's edge or a gradient across the image."""
    table = _curve(rng)
    image = cv2.LUT(image, table)
    if rng.random() < 0.35:
        image = _gradient(rng, image)
    if rng.random() < 0.12:
        image = _shadow(rng, image)
    return image


def _curve(rng):
    x = np.linspace(0.0, 1.0, 256)
    gamma, gain = rng.uniform(0.55, 1.8), rng.uniform(0.35, 1.15)
    low = rng.uniform(0.0, 0.35) if rng.random() < 0.5 else 0.0
    tint = [rng.uniform(0.75, 1.15) for _ in range(3)] if rng.random() < 0.6 else [1.0, 1.0, 1.0]
    if rng.random() < 0.06:
        tint = [0.7, 0.4, 1.1]
    curve = low + (1 - low) * x ** gamma * gain
    if rng.random() < 0.03:
        curve = 1 - curve
    table = np.stack([curve * t * 255 for t in tint], axis=1).clip(0, 255).astype(np.uint8)
    return table.reshape(1, 256, 3)


def _gradient(rng, image):
    h, w = image.shape[:2]
    ramp = np.linspace(rng.uniform(0.5, 1.2), rng.uniform(0.6, 1.3), w if rng.random() < 0.6 else h, dtype=np.float32)
    ramp = ramp[None, :, None] if len(ramp) == w and (h != w or rng.random() < 0.5) else ramp[:, None, None]
    return (image * ramp).clip(0, 255).astype(np.uint8)


def _shadow(rng, image):
    h, w = image.shape[:2]
    xs = [rng.uniform(-0.2, 1.2) * w for _ in range(2)]
    mask = np.zeros((h, w), np.uint8)
    side = rng.choice((0, w))
    cv2.fillPoly(mask, [np.array([(xs[0], 0), (xs[1], h), (side, h), (side, 0)], np.int32)], 255)
    mask = cv2.blur(mask, (max(1, w // 12), max(1, w // 12)))
    weight = 1 - mask[:, :, None].astype(np.float32) / 255 * rng.uniform(0.3, 0.7)
    return (image * weight).astype(np.uint8)


def glare(rng, image):
    """A lamp or the sun in the picture or on the plate: a white patch that fades outwards."""
    h, w = image.shape[:2]
    x, y = np.arange(w, dtype=np.float32) - rng.uniform(0, w), np.arange(h, dtype=np.float32) - rng.uniform(-0.3, 1.3) * h
    spread = h * rng.uniform(0.15, 0.6)
    patch = np.exp(-0.5 * (y[:, None] ** 2 + (x[None] * rng.uniform(0.4, 1.0)) ** 2) / spread ** 2) * rng.uniform(80, 330)
    return cv2.add(image, cv2.merge([patch] * 3), dtype=cv2.CV_8U)


def grey(image):
    """As a camera by infra-red light sees it."""
    return cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)


def coarse(rng, image):
    """The same picture from further away: fewer pixels, enlarged again."""
    h, w = image.shape[:2]
    width = int(rng.uniform(44, 110))
    small = cv2.resize(image, (width, max(12, int(h * width / w))), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR)


def dirt(rng, image):
    """Mud, leaves, snow, a wire: a few blobs or lines that hide little."""
    h, w = image.shape[:2]
    for _ in range(rng.randint(1, 5)):
        shade = tuple(int(rng.uniform(20, 200)) for _ in range(3))
        centre = (int(rng.uniform(0, w)), int(rng.uniform(0, h)))
        if rng.random() < 0.7:
            cv2.circle(image, centre, max(1, int(h * rng.uniform(0.01, 0.06))), shade, -1, cv2.LINE_AA)
        else:
            end = (int(rng.uniform(0, w)), int(rng.uniform(0, h)))
            cv2.line(image, centre, end, shade, 1, cv2.LINE_AA)
    return image


def blur(rng, image, most=1.6):
    """Out of focus or moving; `most` is the largest standard deviation in px."""
    if rng.random() < 0.6:
        sigma = rng.uniform(0.3, most)
        return cv2.GaussianBlur(image, (0, 0), sigma, sigmaY=sigma * rng.uniform(0.6, 1.0))
    length = max(2, int(rng.uniform(2, most * 3.2)))
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, np.pi)
    dx, dy = np.cos(angle) * length / 2, np.sin(angle) * length / 2
    middle = (length - 1) / 2
    cv2.line(kernel, (round(middle - dx), round(middle - dy)), (round(middle + dx), round(middle + dy)), 1.0)
    return cv2.filter2D(image, -1, kernel / max(1.0, kernel.sum()))


def noise(rng, image, most=14.0):
    """Sensor noise; `most` is the largest standard deviation in grey levels."""
    spread = rng.uniform(1.0, most)
    grain = np.empty(image.shape, np.int16)
    cv2.setRNGSeed(rng.randrange(1 << 30))
    cv2.randn(grain, 0, spread)
    return cv2.add(image, grain, dtype=cv2.CV_8U)


def compress(rng, image, worst=18):
    """JPEG at a quality between `worst` and 90."""
    quality = rng.randint(worst, 90)
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
