"""torch.special: special functions of real numbers.

May import: `pyconv.functions`.
"""

from pyconv.functions import exponential, rounding, special, special_only, trigonometry
from pyconv.functions.alias import alias

__all__ = [
    "digamma",
    "entr",
    "erf",
    "erfc",
    "erfcx",
    "erfinv",
    "exp2",
    "expit",
    "expm1",
    "gammainc",
    "gammaincc",
    "gammaln",
    "i0",
    "i0e",
    "i1",
    "i1e",
    "log1p",
    "log_ndtr",
    "logit",
    "multigammaln",
    "ndtr",
    "ndtri",
    "polygamma",
    "psi",
    "round",
    "sinc",
    "xlog1py",
    "xlogy",
    "zeta",
]

digamma = alias("special_digamma", special.digamma)
erf = alias("special_erf", special.erf)
erfc = alias("special_erfc", special.erfc)
erfinv = alias("special_erfinv", special.erfinv)
exp2 = alias("special_exp2", exponential.exp2)
expit = alias("special_expit", exponential.sigmoid)
expm1 = alias("special_expm1", exponential.expm1)
gammainc = alias("special_gammainc", special.igamma)
gammaincc = alias("special_gammaincc", special.igammac)
gammaln = alias("special_gammaln", special.lgamma)
i0 = alias("special_i0", special.i0)
log1p = alias("special_log1p", exponential.log1p)
logit = alias("special_logit", exponential.logit)
multigammaln = alias("special_multigammaln", special.mvlgamma)
polygamma = alias("special_polygamma", special.polygamma)
psi = alias("special_psi", special.digamma)
round = alias("special_round", rounding.round)
sinc = alias("special_sinc", trigonometry.sinc)
xlogy = alias("special_xlogy", exponential.xlogy)
entr = special_only.special_entr
erfcx = special_only.special_erfcx
i0e = special_only.special_i0e
i1 = special_only.special_i1
i1e = special_only.special_i1e
log_ndtr = special_only.special_log_ndtr
ndtr = special_only.special_ndtr
ndtri = special_only.special_ndtri
xlog1py = special_only.special_xlog1py
zeta = special_only.special_zeta
