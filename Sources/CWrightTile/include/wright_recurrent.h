/// Recurrent layers over whole sequences, and their gradients.
///
/// Threads share the batch, and each runs all steps of its sequences without waiting for the others. Every number is made
/// by the same operations in the same order whatever the batch and the number of threads.
#pragma once

#include "wright_launch.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How a cell makes its next state. The order of the gates is the order of their columns.
typedef enum WRIGHT_CLOSED : uint8_t {
    /// Input, forget, candidate and output gate (Hochreiter & Schmidhuber 1997, with forget gates of Gers et al. 2000).
    WRIGHT_LSTM WRIGHT_CASE(lstm),
    /// Reset and update gate and candidate; the reset gate acts on the hidden product (Cho et al. 2014, cuDNN's form).
    WRIGHT_GRU WRIGHT_CASE(gru),
    /// tanh of the sum (Elman 1990).
    WRIGHT_RNN_TANH WRIGHT_CASE(rnnTanh),
    /// ReLU of the sum.
    WRIGHT_RNN_RELU WRIGHT_CASE(rnnRelu),
} wright_cell;

/// A sequence and its states, all float32 and dense. G is the cell's number of gates: 4, 3, 1, 1.
///
/// States lie in the order of time with one more place than there are steps: step t leads from place t to place t + 1, or,
/// reversed, from t + 1 to t, last step first. A step at or past its sequence's length leaves the state as it is.
typedef struct {
    wright_cell cell;
    bool reversed;
    int64_t steps, batch, hidden;
    /// [hidden, G · hidden].
    const float *weights;
    /// [G · hidden]; GRU only.
    const float *bias;
    /// [batch], or null when every sequence has all steps.
    const int32_t *lengths;
    /// [steps + 1, batch, hidden]; cells for LSTM only.
    float *states, *cells;
    /// [steps, batch, 4 · hidden]: what the gates let through, LSTM and GRU only. The GRU's fourth part is the hidden product
    /// of its candidate.
    float *activations;
    /// `wright_recurrent_scratch_bytes` at a cache line.
    float *scratch;
} wright_sequence;

/// Working memory of either launch below: the packed weights.
int64_t wright_recurrent_scratch_bytes(wright_cell cell, int64_t hidden);

typedef struct {
    wright_sequence sequence;
    /// [steps, batch, G · hidden]: the inputs' share of the gates, biases included.
    const float *projected;
    /// [batch, hidden].
    const float *initial_state, *initial_cell;
} wright_recurrent_arguments;

/// Launch of `wright_recurrent_arguments`: writes states, cells and activations.
void wright_recurrent(void *arguments);

typedef struct {
    /// As the launch above left it.
    wright_sequence sequence;
    /// Cotangents: [steps + 1, batch, hidden]; that of the cells may be null.
    const float *states_cotangent, *cells_cotangent;
    /// [steps, batch, G · hidden]: gradients of `projected` and, for the GRU only, of the hidden products (bias included),
    /// which otherwise are the same.
    float *projected_gradient, *hidden_gradient;
    /// [batch, hidden].
    float *initial_state_gradient, *initial_cell_gradient;
} wright_recurrent_gradient_arguments;

/// Launch of `wright_recurrent_gradient_arguments`.
void wright_recurrent_gradient(void *arguments);

#ifdef __cplusplus
}
#endif
