"""The networks from MONAI. Only rows that use one import this file, so that the others run without MONAI."""

from monai.networks.nets import AttentionUnet, BasicUNetPlusPlus, DynUNet
from monai.networks.nets.basic_unet import UpCat

from networks.unet import LEVELS


class UNetPlusPlus(BasicUNetPlusPlus):
    """MONAI's U-Net++ with batch norm and ReLU as in its paper, without deep supervision."""

    def __init__(self, inputs, width):
        features = tuple(width * level for level in LEVELS) + (width,)
        super().__init__(2, inputs, 1, features=features, norm="batch", act="relu")
        for part in self.modules():
            if isinstance(part, UpCat):
                part.is_pad = False  # needed for odd sizes only, and takes a third of the time

    def forward(self, image):
        return super().forward(image)[0]


def attention_unet(inputs, width):
    return AttentionUnet(2, inputs, 1, channels=[width * level for level in LEVELS], strides=[2, 2, 2, 2])


def nnunet(inputs, width):
    """nnU-Net's network: instance norm, leaky ReLU, strided convolutions, deep supervision on two more levels."""
    return DynUNet(
        2,
        inputs,
        1,
        kernel_size=[3] * 5,
        strides=[1, 2, 2, 2, 2],
        upsample_kernel_size=[2] * 4,
        filters=[width * level for level in LEVELS],
        norm_name=("INSTANCE", {"affine": True}),
        deep_supervision=True,
        deep_supr_num=2,
    )


BUILDERS = {"attention-unet": attention_unet, "unet++": UNetPlusPlus, "nnunet": nnunet}
