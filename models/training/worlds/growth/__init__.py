"""A simulator of hepatic DSA runs: vessels grow towards points of a 3-D liver, contrast takes its time along them."""

from .run import simulate


def patient(seed):
    """frames uint8 [n,256,256], 20 to 30, vessels dark; lesions uint8 [n,256,256] (m + 1 on the m-th tumour); liver uint8 [n,256,256];
    diameters float32 [m] in pixels of the 1021 x 788 source; poor int8 [m]. The same seed gives the same bytes.
    """
    return simulate(seed)
