"""The named symbols of a formula: LaTeX name -> the character that is drawn."""

from desktop.formula.tree import Face

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "ell": "ℓ",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

BINARY = {
    "cdot": "·", "times": "×", "odot": "⊙", "otimes": "⊗", "oplus": "⊕", "pm": "±", "ast": "∗", "circ": "∘", "div": "÷",
}  # fmt: skip

RELATIONS = {
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "in": "∈", "to": "→",
    "mapsto": "↦", "rightarrow": "→", "leftarrow": "←", "sim": "∼", "equiv": "≡", "propto": "∝", "mid": "|", "colon": ":",
    "lt": "<", "gt": ">", "Rightarrow": "⇒",
}  # fmt: skip

WORDS = {
    "infty": "∞", "partial": "∂", "nabla": "∇", "dots": "…", "ldots": "…", "cdots": "⋯", "vdots": "⋮", "forall": "∀",
    "top": "⊤", "prime": "′", "%": "%", "_": "_", "#": "#", "&": "&", "$": "$",
}  # fmt: skip

DELIMITERS = {
    "{": "{", "}": "}", "lbrace": "{", "rbrace": "}", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉",
    "langle": "⟨", "rangle": "⟩", "|": "‖", "Vert": "‖", "lVert": "‖", "rVert": "‖", "vert": "|", "lvert": "|", "rvert": "|",
    "lbrack": "[", "rbrack": "]",
}  # fmt: skip

FUNCTIONS = frozenset({
    "arg", "cos", "cosh", "det", "exp", "lim", "ln", "log", "max", "min", "sin", "sinh", "tan", "tanh", "argmax", "softmax",
    "sigmoid", "relu", "erf", "sgn",
})  # fmt: skip

SPACES = {",": 0.17, ":": 0.22, ";": 0.28, "!": -0.17, " ": 0.3, "quad": 1.0, "qquad": 2.0, "enspace": 0.5}

FACES = {
    "text": Face.ROMAN, "mathrm": Face.ROMAN, "textrm": Face.ROMAN, "operatorname": Face.FUNCTION,
    "operatorname*": Face.FUNCTION, "mathbf": Face.BOLD, "boldsymbol": Face.BOLD, "mathit": Face.VARIABLE,
    "mathbb": Face.BOLD, "mathcal": Face.VARIABLE, "textbf": Face.BOLD,
}  # fmt: skip

ACCENTS = {"hat": "^", "widehat": "^", "bar": "¯", "overline": "¯", "tilde": "~", "vec": "→", "dot": "˙"}
