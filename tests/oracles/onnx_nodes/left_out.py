"""The cases of our ops that are not tried, and why; names may end in a star."""

from fnmatch import fnmatchcase

CONSTANTS = "our curve has the constants of its paper, ONNX others"
BROADCAST = "our joins want one shape, and repeat nothing along an axis"
INTEGERS = "whole numbers that are divided and cut off; the engine computes with real ones"
CUBIC = "we draw no cubic curves between values"
FRACTION = "we make pictures larger by whole factors only"
PLACES = "our pictures grow about the middles of their pixels only"
SOFTCAP = "our scores have no upper end"
HALF = "half precision, which the engine does not have"
RANDOM = "drawn by another generator"

REASONS = {
    "gelu_tanh_*": "the approximation by tanh; ours is exact",
    "hardsigmoid*": CONSTANTS,
    "selu": CONSTANTS,
    "selu_example": CONSTANTS,
    "add_bcast": BROADCAST,
    "sub_bcast": BROADCAST,
    "mul_bcast": BROADCAST,
    "div_bcast": BROADCAST,
    "div_int*": INTEGERS,
    "div_uint*": INTEGERS,
    "training_dropout": RANDOM,
    "training_dropout_default*": RANDOM,
    "training_dropout_mask": RANDOM,
    "gather_negative_indices": "a negative number is a stranger to our vocabulary, and does not count from the end",
    "onehot_negative_indices": "a negative number is no class of ours, and does not count from the end",
    "attention_*softcap*": SOFTCAP,
    "attention_4d*_fp16": HALF,
    "attention_4d_with_past_and_present_qk_matmul_bias_?d_mask_causal": "causal from the past on; ours counts from the first step",
    "reshape_allowzero_reordered": "a shape without any value",
    "wrap_pad": "we pad with zeros, edges and mirrors, and not with the other end",
    "slice_neg_steps": "we cut off edges, and turn nothing around",
    "slice_start_out_of_bounds": "nothing would be left, which Crop refuses",
    "convtranspose_3d": "a convolution over three axes",
    "averagepool_2d_ceil_last_window_starts_on_pad": "counts padding, but not what lies behind it",
    "averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_True": "counts padding, but not what lies behind it",
    "resize_*_cubic*": CUBIC,
    "resize_tf_crop_and_resize*": FRACTION,
    "resize_downsample_scales_linear*": FRACTION,
    "resize_downsample_scales_nearest": FRACTION,
    "resize_downsample_sizes_linear*": FRACTION,
    "resize_downsample_sizes_nearest*": FRACTION,
    "resize_upsample_sizes_nearest": FRACTION,
    "resize_upsample_sizes_nearest_axes_*": FRACTION,
    "resize_upsample_sizes_nearest_not_larger": FRACTION,
    "resize_upsample_scales_linear_half_pixel_symmetric": FRACTION,
    "resize_upsample_scales_linear_align_corners": PLACES,
    "resize_upsample_sizes_nearest_*_half_pixel": PLACES,
    "resize_upsample_sizes_nearest_*_align_corners": PLACES,
    "resize_upsample_sizes_nearest_*_asymmetric": PLACES,
}


def reason(name: str) -> str | None:
    """Why the case of this name is left out; None where it is tried."""
    return next((why for pattern, why in REASONS.items() if fnmatchcase(name, pattern)), None)
