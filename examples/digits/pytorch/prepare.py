"""The handwritten digits that come with scikit-learn, 8 × 8 pixels: three of four to learn from, the others to judge by."""
import os

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

images, labels = load_digits(return_X_y=True)
x = (images / 16).astype(np.float32).reshape(-1, 1, 8, 8)
train_x, test_x, train_y, test_y = train_test_split(x, labels, test_size=0.25, random_state=7, stratify=labels)
os.makedirs("build", exist_ok=True)
np.savez("build/train.npz", x=train_x, y=train_y)
np.savez("build/test.npz", x=test_x, y=test_y)
print(f"{len(train_y)} digits to learn from, {len(test_y)} to judge by")
