"""Every case of a single node of our ops in onnx 1.22.0: one that is new or gone is noticed."""

NAMES: dict[str, str] = {
    "Abs": "abs",
    "Add": "add add_bcast add_int16 add_int8 add_uint16 add_uint32 add_uint64 add_uint8",
    "Attention": """
        attention_3d attention_3d_attn_mask attention_3d_causal attention_3d_diff_heads_sizes
        attention_3d_diff_heads_sizes_attn_mask attention_3d_diff_heads_sizes_causal
        attention_3d_diff_heads_sizes_scaled attention_3d_diff_heads_sizes_softcap
        attention_3d_diff_heads_with_past_and_present attention_3d_gqa attention_3d_gqa_attn_mask
        attention_3d_gqa_causal attention_3d_gqa_scaled attention_3d_gqa_softcap
        attention_3d_gqa_with_past_and_present attention_3d_scaled attention_3d_softcap
        attention_3d_transpose_verification attention_3d_with_past_and_present
        attention_3d_with_past_and_present_qk_matmul attention_3d_with_past_and_present_qk_matmul_bias
        attention_3d_with_past_and_present_qk_matmul_softcap attention_3d_with_past_and_present_qk_matmul_softmax
        attention_4d attention_4d_attn_mask attention_4d_attn_mask_3d attention_4d_attn_mask_3d_causal
        attention_4d_attn_mask_4d attention_4d_attn_mask_4d_causal attention_4d_attn_mask_bool
        attention_4d_attn_mask_bool_4d attention_4d_causal attention_4d_diff_heads_mask4d_padded_kv
        attention_4d_diff_heads_sizes attention_4d_diff_heads_sizes_attn_mask attention_4d_diff_heads_sizes_causal
        attention_4d_diff_heads_sizes_scaled attention_4d_diff_heads_sizes_softcap
        attention_4d_diff_heads_with_past_and_present attention_4d_diff_heads_with_past_and_present_mask3d
        attention_4d_diff_heads_with_past_and_present_mask4d attention_4d_fp16 attention_4d_gqa
        attention_4d_gqa_attn_mask attention_4d_gqa_causal attention_4d_gqa_scaled attention_4d_gqa_softcap
        attention_4d_gqa_with_past_and_present attention_4d_gqa_with_past_and_present_fp16 attention_4d_scaled
        attention_4d_softcap attention_4d_softcap_neginf_mask attention_4d_softcap_neginf_mask_poison
        attention_4d_with_past_and_present attention_4d_with_past_and_present_qk_matmul
        attention_4d_with_past_and_present_qk_matmul_bias attention_4d_with_past_and_present_qk_matmul_bias_3d_mask
        attention_4d_with_past_and_present_qk_matmul_bias_3d_mask_causal
        attention_4d_with_past_and_present_qk_matmul_bias_4d_mask
        attention_4d_with_past_and_present_qk_matmul_bias_4d_mask_causal attention_4d_with_qk_matmul
        attention_4d_with_qk_matmul_bias attention_4d_with_qk_matmul_softcap attention_4d_with_qk_matmul_softmax
    """,
    "AveragePool": """
        averagepool_1d_default averagepool_2d_ceil averagepool_2d_ceil_last_window_starts_on_pad
        averagepool_2d_default averagepool_2d_dilations averagepool_2d_pads averagepool_2d_pads_count_include_pad
        averagepool_2d_precomputed_pads averagepool_2d_precomputed_pads_count_include_pad
        averagepool_2d_precomputed_same_upper averagepool_2d_precomputed_strides averagepool_2d_same_lower
        averagepool_2d_same_upper averagepool_2d_strides averagepool_3d_default
        averagepool_3d_dilations_large_count_include_pad_is_0_ceil_mode_is_False
        averagepool_3d_dilations_large_count_include_pad_is_0_ceil_mode_is_True
        averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_False
        averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_True averagepool_3d_dilations_small
    """,
    "BatchNormalization": """
        batchnorm_epsilon batchnorm_epsilon_training_mode batchnorm_example batchnorm_example_training_mode
    """,
    "Concat": """
        concat_1d_axis_0 concat_1d_axis_negative_1 concat_2d_axis_0 concat_2d_axis_1 concat_2d_axis_negative_1
        concat_2d_axis_negative_2 concat_3d_axis_0 concat_3d_axis_1 concat_3d_axis_2 concat_3d_axis_negative_1
        concat_3d_axis_negative_2 concat_3d_axis_negative_3
    """,
    "Conv": """
        basic_conv_with_padding basic_conv_without_padding conv_with_autopad_same
        conv_with_strides_and_asymmetric_padding conv_with_strides_no_padding conv_with_strides_padding
    """,
    "ConvTranspose": """
        convtranspose convtranspose_1d convtranspose_3d convtranspose_autopad_same convtranspose_dilations
        convtranspose_group_2 convtranspose_group_2_image_3 convtranspose_kernel_shape convtranspose_output_shape
        convtranspose_pad convtranspose_pads
    """,
    "Div": "div div_bcast div_example div_int16 div_int32_trunc div_int8 div_uint16 div_uint32 div_uint64 div_uint8",
    "Dropout": """
        dropout_default dropout_default_mask dropout_default_mask_ratio dropout_default_old dropout_default_ratio
        dropout_random_old training_dropout training_dropout_default training_dropout_default_mask
        training_dropout_mask training_dropout_zero_ratio training_dropout_zero_ratio_mask
    """,
    "Elu": "elu elu_default elu_example",
    "Flatten": """
        flatten_axis0 flatten_axis1 flatten_axis2 flatten_axis3 flatten_default_axis flatten_negative_axis1
        flatten_negative_axis2 flatten_negative_axis3 flatten_negative_axis4
    """,
    "GRU": "gru_batchwise gru_defaults gru_seq_length gru_with_initial_bias",
    "Gather": "gather_0 gather_1 gather_2d_indices gather_negative_indices",
    "Gelu": "gelu_default_1 gelu_default_2 gelu_tanh_1 gelu_tanh_2",
    "Gemm": """
        gemm_all_attributes gemm_alpha gemm_beta gemm_default_matrix_bias gemm_default_no_bias
        gemm_default_scalar_bias gemm_default_single_elem_vector_bias gemm_default_vector_bias
        gemm_default_zero_bias gemm_transposeA gemm_transposeB
    """,
    "GlobalAveragePool": "globalaveragepool globalaveragepool_precomputed",
    "GlobalMaxPool": "globalmaxpool globalmaxpool_precomputed",
    "GroupNormalization": "group_normalization_epsilon group_normalization_example",
    "HardSigmoid": "hardsigmoid hardsigmoid_default hardsigmoid_example",
    "HardSwish": "hardswish",
    "LSTM": "lstm_batchwise lstm_defaults lstm_with_initial_bias lstm_with_peepholes",
    "LayerNormalization": """
        layer_normalization_2d_axis0 layer_normalization_2d_axis1 layer_normalization_2d_axis_negative_1
        layer_normalization_2d_axis_negative_2 layer_normalization_3d_axis0_epsilon
        layer_normalization_3d_axis1_epsilon layer_normalization_3d_axis2_epsilon
        layer_normalization_3d_axis_negative_1_epsilon layer_normalization_3d_axis_negative_2_epsilon
        layer_normalization_3d_axis_negative_3_epsilon layer_normalization_4d_axis0 layer_normalization_4d_axis1
        layer_normalization_4d_axis2 layer_normalization_4d_axis3 layer_normalization_4d_axis_negative_1
        layer_normalization_4d_axis_negative_2 layer_normalization_4d_axis_negative_3
        layer_normalization_4d_axis_negative_4 layer_normalization_default_axis
    """,
    "LeakyRelu": "leakyrelu leakyrelu_default leakyrelu_example",
    "MatMul": "matmul_1d_1d matmul_1d_3d matmul_2d matmul_3d matmul_4d matmul_4d_1d matmul_bcast",
    "Max": """
        max_example max_float16 max_float32 max_float64 max_int16 max_int32 max_int64 max_int8 max_one_input
        max_two_inputs max_uint16 max_uint32 max_uint64 max_uint8
    """,
    "MaxPool": """
        maxpool_1d_default maxpool_2d_ceil maxpool_2d_ceil_output_size_reduce_by_one maxpool_2d_default
        maxpool_2d_dilations maxpool_2d_pads maxpool_2d_precomputed_pads maxpool_2d_precomputed_same_upper
        maxpool_2d_precomputed_strides maxpool_2d_same_lower maxpool_2d_same_upper maxpool_2d_strides
        maxpool_2d_uint8 maxpool_3d_default maxpool_3d_dilations maxpool_3d_dilations_use_ref_impl
        maxpool_3d_dilations_use_ref_impl_large maxpool_with_argmax_2d_precomputed_pads
        maxpool_with_argmax_2d_precomputed_strides
    """,
    "Mean": "mean_example mean_one_input mean_two_inputs",
    "Mish": "mish",
    "Mul": "mul mul_bcast mul_example mul_int16 mul_int8 mul_uint16 mul_uint32 mul_uint64 mul_uint8",
    "NegativeLogLikelihoodLoss": """
        nllloss_NC nllloss_NCd1 nllloss_NCd1_ii nllloss_NCd1_mean_weight_negative_ii nllloss_NCd1_weight
        nllloss_NCd1_weight_ii nllloss_NCd1d2 nllloss_NCd1d2_no_weight_reduction_mean_ii
        nllloss_NCd1d2_reduction_mean nllloss_NCd1d2_reduction_sum nllloss_NCd1d2_with_weight
        nllloss_NCd1d2_with_weight_reduction_mean nllloss_NCd1d2_with_weight_reduction_sum
        nllloss_NCd1d2_with_weight_reduction_sum_ii nllloss_NCd1d2d3_none_no_weight_negative_ii
        nllloss_NCd1d2d3_sum_weight_high_ii nllloss_NCd1d2d3d4d5_mean_weight nllloss_NCd1d2d3d4d5_none_no_weight
    """,
    "OneHot": "onehot_negative_indices onehot_with_axis onehot_with_negative_axis onehot_without_axis",
    "PRelu": "prelu_broadcast prelu_example",
    "Pad": "constant_pad constant_pad_axes constant_pad_negative_axes edge_pad reflect_pad wrap_pad",
    "RNN": "rnn_seq_length simple_rnn_batchwise simple_rnn_defaults simple_rnn_with_initial_bias",
    "Relu": "relu",
    "Reshape": """
        reshape_allowzero_reordered reshape_extended_dims reshape_negative_dim reshape_negative_extended_dims
        reshape_one_dim reshape_reduced_dims reshape_reordered_all_dims reshape_reordered_last_dims
        reshape_zero_and_negative_dim reshape_zero_dim
    """,
    "Resize": """
        resize_downsample_scales_cubic resize_downsample_scales_cubic_A_n0p5_exclude_outside
        resize_downsample_scales_cubic_align_corners resize_downsample_scales_cubic_antialias
        resize_downsample_scales_linear resize_downsample_scales_linear_align_corners
        resize_downsample_scales_linear_antialias resize_downsample_scales_linear_half_pixel_symmetric
        resize_downsample_scales_nearest resize_downsample_sizes_cubic resize_downsample_sizes_cubic_antialias
        resize_downsample_sizes_linear_antialias resize_downsample_sizes_linear_pytorch_half_pixel
        resize_downsample_sizes_nearest resize_downsample_sizes_nearest_not_larger
        resize_downsample_sizes_nearest_not_smaller resize_tf_crop_and_resize resize_tf_crop_and_resize_axes_2_3
        resize_tf_crop_and_resize_axes_3_2 resize_tf_crop_and_resize_extrapolation_value
        resize_upsample_scales_cubic resize_upsample_scales_cubic_A_n0p5_exclude_outside
        resize_upsample_scales_cubic_align_corners resize_upsample_scales_cubic_asymmetric
        resize_upsample_scales_linear resize_upsample_scales_linear_align_corners
        resize_upsample_scales_linear_half_pixel_symmetric resize_upsample_scales_nearest
        resize_upsample_scales_nearest_axes_2_3 resize_upsample_scales_nearest_axes_3_2 resize_upsample_sizes_cubic
        resize_upsample_sizes_nearest resize_upsample_sizes_nearest_axes_2_3 resize_upsample_sizes_nearest_axes_3_2
        resize_upsample_sizes_nearest_ceil_half_pixel resize_upsample_sizes_nearest_floor_align_corners
        resize_upsample_sizes_nearest_not_larger resize_upsample_sizes_nearest_not_smaller
        resize_upsample_sizes_nearest_round_prefer_ceil_asymmetric
    """,
    "Selu": "selu selu_default selu_example",
    "Sigmoid": "sigmoid sigmoid_example",
    "Sin": "sin sin_example",
    "Slice": """
        slice slice_default_axes slice_default_steps slice_end_out_of_bounds slice_neg slice_neg_steps
        slice_negative_axes slice_start_out_of_bounds
    """,
    "Softmax": """
        softmax_axis_0 softmax_axis_1 softmax_axis_2 softmax_default_axis softmax_example softmax_large_number
        softmax_negative_axis
    """,
    "SoftmaxCrossEntropyLoss": """
        sce_NCd1_mean_weight_negative_ii sce_NCd1_mean_weight_negative_ii_log_prob
        sce_NCd1d2d3_none_no_weight_negative_ii sce_NCd1d2d3_none_no_weight_negative_ii_log_prob
        sce_NCd1d2d3_sum_weight_high_ii sce_NCd1d2d3_sum_weight_high_ii_log_prob sce_NCd1d2d3d4d5_mean_weight
        sce_NCd1d2d3d4d5_mean_weight_log_prob sce_NCd1d2d3d4d5_none_no_weight
        sce_NCd1d2d3d4d5_none_no_weight_log_prob sce_mean sce_mean_3d sce_mean_3d_log_prob sce_mean_log_prob
        sce_mean_no_weight_ii sce_mean_no_weight_ii_3d sce_mean_no_weight_ii_3d_log_prob sce_mean_no_weight_ii_4d
        sce_mean_no_weight_ii_4d_log_prob sce_mean_no_weight_ii_log_prob sce_mean_weight sce_mean_weight_ii
        sce_mean_weight_ii_3d sce_mean_weight_ii_3d_log_prob sce_mean_weight_ii_4d sce_mean_weight_ii_4d_log_prob
        sce_mean_weight_ii_log_prob sce_mean_weight_log_prob sce_none sce_none_log_prob sce_none_weights
        sce_none_weights_log_prob sce_sum sce_sum_log_prob
    """,
    "Softplus": "softplus softplus_example",
    "Softsign": "softsign softsign_example",
    "Sub": "sub sub_bcast sub_example sub_int16 sub_int8 sub_uint16 sub_uint32 sub_uint64 sub_uint8",
    "Sum": "sum_example sum_one_input sum_two_inputs",
    "Swish": "swish",
    "Tanh": "tanh tanh_example",
    "Transpose": """
        transpose_all_permutations_0 transpose_all_permutations_1 transpose_all_permutations_2
        transpose_all_permutations_3 transpose_all_permutations_4 transpose_all_permutations_5 transpose_default
    """,
    "Upsample": "upsample_nearest",
}
