# %% [markdown]
# # The decision boundary of any classifier
#
# `DecisionBoundaryDisplay` asks a fitted scikit-learn classifier about every point of a plane and
# draws what it says: colours mixed by probability, the decision boundary, the samples.
# `compare` does so for several classifiers side by side.

# %%
from sklearn.datasets import load_iris, make_circles
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from nnviz import DecisionBoundaryDisplay, NeuralNetworkClassifier, compare

# %% [markdown]
# ## A network, trained by nnviz
#
# The lecture's circles, and a network with 10 hidden units.

# %%
X, y = make_circles(300, factor=0.45, noise=0.12, random_state=1)
network = NeuralNetworkClassifier(hidden_layer_sizes=(10,), max_iter=5000, random_state=1)
network.fit(X, y)

boundary = DecisionBoundaryDisplay.from_estimator(network, X, y=y, eps=0.3)
boundary.plot(size=(560, 540))

# %% [markdown]
# A display is computed once and drawn as often as you like. As the last line of a cell it shows
# its picture by itself; `plot` gives the Plotly figure, which has `write_image` and `write_html`.

# %%
boundary.plot(
    size=(560, 540),
    theme="dark",
    title="Circles",
    caption=f"10 hidden units, tanh: loss {network.loss_:.3f} after {network.n_iter_} epochs",
)

# %% [markdown]
# ## More than two features
#
# Iris has four. Two are on the axes, the others are fixed where `slice_at` says, and the
# picture shows where that is. The names come from the DataFrame.

# %%
iris = load_iris(as_frame=True)
species = iris.target_names[iris.target]
forest = RandomForestClassifier(random_state=0).fit(iris.data, species)

DecisionBoundaryDisplay.from_estimator(
    forest,
    iris.data,
    y=species,
    features=("sepal length (cm)", "petal width (cm)"),
    slice_at={"petal length (cm)": 4.8},
    eps=0.5,
).plot(size=(560, 540))

# %% [markdown]
# One class alone: the stronger the colour, the more probable it is.

# %%
petals = iris.data[["petal length (cm)", "petal width (cm)"]]
nearest = KNeighborsClassifier(15).fit(petals, species)

DecisionBoundaryDisplay.from_estimator(
    nearest, petals, y=species, class_of_interest="versicolor", eps=0.5
).plot(size=(560, 540))

# %% [markdown]
# ## Side by side
#
# On shared axes, with one legend. Classifiers that are not fitted yet are fitted for the picture.

# %%
compare(
    [
        ("Logistic regression", LogisticRegression()),
        ("Network, 10 hidden units", network),
        ("Support vectors, RBF", make_pipeline(StandardScaler(), SVC())),
        ("Random forest", RandomForestClassifier(max_depth=5, random_state=0)),
        ("Gradient boosting", GradientBoostingClassifier(random_state=0)),
        ("15 nearest neighbours", KNeighborsClassifier(15)),
    ],
    X,
    y,
    eps=0.3,
)
