"""What light, lens and compression do to a picture. All functions take and return uint8 BGR."""
import cv2
import numpy as np

NOISE = np.random.default_rng(7).normal(0, 1, (1024, 1024, 3)).astype(np.float32)


def develop(rng, image):
    """A random day, camera and stream."""
    if rng.random() < 0.12:
        image = grey(rng, image)
    elif rng.random() < 0.7:
        image = tint(rng, image)
    if rng.random() < 0.12:
        image = night(rng, image)
    if rng.random() < 0.35:
        image = blur(rng, image)
    if rng.random() < 0.12:
        image = coarse(rng, image)
    if rng.random() < 0.3:
        image = noise(rng, image)
    if rng.random() < 0.35:
        image = compress(rng, image)
    return image


def tint(rng, image):
    """Gamma, contrast and a colour cast, each channel through one table; sometimes another saturation or hue."""
    if rng.random() < 0.4:
        hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
        hue, saturation = rng.randint(-12, 12), rng.uniform(0.4, 1.5)
        steps = np.arange(256)
        tables = [((steps + hue) % 180), np.clip(steps * saturation, 0, 255), steps]
        hsv = cv2.LUT(hsv, np.stack(tables, 1).astype(np.uint8)[None])
        image = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)
    gamma, contrast, light = np.exp(rng.uniform(-0.45, 0.45)), rng.uniform(0.7, 1.3), rng.uniform(-25, 25)
    steps = (np.arange(256) / 255.0) ** gamma * 255
    tables = [np.clip((steps - 128) * contrast + 128 + light + rng.uniform(-14, 14), 0, 255) for _ in range(3)]
    return cv2.LUT(image, np.stack(tables, 1).astype(np.uint8)[None])


def grey(rng, image):
    """An infrared or black and white camera."""
    channel = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    steps = np.clip((np.arange(256) / 255.0) ** np.exp(rng.uniform(-0.5, 0.7)) * 255 * rng.uniform(0.7, 1.3), 0, 255)
    return cv2.cvtColor(cv2.LUT(channel, steps.astype(np.uint8)), cv2.COLOR_GRAY2BGR)


def night(rng, image):
    """Little light, and lamps with their glow."""
    light = image[::8, ::8].mean()
    image = cv2.convertScaleAbs(image, alpha=min(1.0, max(rng.uniform(0.25, 0.7), 30 / max(light, 1))))
    if rng.random() < 0.6:
        height, width = image.shape[:2]
        glow = np.zeros((height // 4, width // 4, 3), np.uint8)
        for _ in range(rng.randint(1, 5)):
            tone = rng.choice([(220, 240, 255), (90, 90, 255), (120, 200, 255), (255, 230, 210)])
            cv2.circle(glow, (rng.randint(0, width // 4), rng.randint(0, height // 4)), rng.randint(1, 8), tone, -1)
        glow = cv2.GaussianBlur(glow, (0, 0), rng.uniform(1, 6))
        image = cv2.add(image, cv2.resize(glow, (width, height)))
    return image


def blur(rng, image):
    if rng.random() < 0.6:
        return cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.8))
    length = rng.choice([3, 5, 7, 9])
    kernel = np.zeros((length, length), np.float32)
    middle = length // 2
    dx, dy = rng.uniform(-1, 1), rng.uniform(-0.6, 0.6)
    scale = middle / max(abs(dx), abs(dy), 1e-3)
    end = (int(round(dx * scale)), int(round(dy * scale)))
    cv2.line(kernel, (middle - end[0], middle - end[1]), (middle + end[0], middle + end[1]), 1.0)
    return cv2.filter2D(image, -1, kernel / kernel.sum())


def coarse(rng, image):
    """A picture enlarged from a smaller one."""
    height, width = image.shape[:2]
    factor = rng.uniform(0.4, 0.8)
    small = cv2.resize(image, (int(width * factor), int(height * factor)), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))


def noise(rng, image):
    height, width = image.shape[:2]
    y, x = rng.randint(0, 1024 - height), rng.randint(0, 1024 - width)
    return np.clip(image + NOISE[y:y + height, x:x + width] * rng.uniform(2, 14), 0, 255).astype(np.uint8)


def compress(rng, image):
    coded = cv2.imencode('.jpg', image, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(25, 85)])[1]
    return cv2.imdecode(coded, cv2.IMREAD_COLOR)
