// What every launch is inside: its arguments, its kernel's name and how it runs.
#pragma once

#include "CWrightDNN.h"

#include <oneapi/dnnl/dnnl.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#define WRIGHT_DNN_VERSION_3 (DNNL_VERSION_MAJOR >= 3)

namespace wright {

/// Thrown inside and turned into a status and a message at the C boundary.
struct Failure : std::runtime_error {
    wright_dnn_status status;
    Failure(wright_dnn_status status, const std::string &message) : std::runtime_error(message), status(status) {}
};

inline Failure invalid(const std::string &message) { return Failure(WRIGHT_DNN_INVALID, message); }
inline Failure unsupported(const std::string &message) { return Failure(WRIGHT_DNN_UNSUPPORTED, message); }

/// Runs `body`, catching what it throws: nothing leaves through the C interface.
wright_dnn_status attempt(const char *what, void (*body)(void *), void *context) noexcept;

template <typename Body> wright_dnn_status attempt(const char *what, Body body) noexcept {
    return attempt(what, [](void *context) { (*static_cast<Body *>(context))(); }, &body);
}

/// One thing a primitive reads or writes.
struct Argument {
    wright_dnn_argument role;
    /// oneDNN's number for it; -1 for an argument of a kernel of Wright's.
    int library_index = -1;
    /// How the caller describes it, and how the primitive wants it.
    dnnl::memory::desc plain;
    dnnl::memory::desc wanted;
    /// Names a layout that only Wright's kernels know (transformed weights), with its size; else empty.
    std::string own_layout;
    size_t own_bytes = 0;
    void *pointer = nullptr;

    bool is_plain() const { return own_layout.empty() && wanted == plain; }
    size_t bytes() const { return own_layout.empty() ? wanted.get_size() : own_bytes; }
};

}  // namespace wright

struct wright_dnn_primitive {
    std::vector<wright::Argument> arguments;
    std::string implementation;
    size_t scratch_bytes = 0;
    double operations = 0;
    wright_dnn_status run_status = WRIGHT_DNN_OK;

    virtual ~wright_dnn_primitive() = default;
    virtual void run() = 0;
    virtual void bind(wright::Argument &argument, void *pointer) { argument.pointer = pointer; }
    /// The launches between plain and wanted; the base class knows those that oneDNN's reorder can do.
    virtual wright_dnn_primitive *make_pack(const wright::Argument &argument) const;
    virtual wright_dnn_primitive *make_unpack(const wright::Argument &argument) const;

    /// Adds an argument, or scratch, of a kernel of Wright's.
    void add_own(wright_dnn_argument role, const dnnl::memory::desc &plain);
    void add_own_scratch(size_t bytes);

    const wright::Argument *find(wright_dnn_argument role) const;
    wright::Argument *find(wright_dnn_argument role);
    /// The pointer bound to `role`, as floats; null if there is none.
    float *floats(wright_dnn_argument role) const;
};

namespace wright {

dnnl::engine &library_engine();
/// This thread's.
dnnl::stream &library_stream();
/// Keeps oneDNN on the thread that calls it: the team's threads share work out among themselves, and a second pool beside
/// them would fight for the cores.
void use_one_library_thread();
dnnl::memory::data_type library_type(wright_dnn_type type);
/// The same tensor in whatever layout oneDNN prefers.
dnnl::memory::desc any_layout(const dnnl::memory::desc &plain);

/// Bias and post-operations. `residual_layout` is the result's layout; the returned index is the place of the residual
/// among the post-operations, -1 without one.
int append_epilogue(
    const wright_dnn_epilogue &epilogue, const dnnl::memory::desc &residual_layout, dnnl::primitive_attr &attributes);

/// A launch that is one oneDNN primitive.
class LibraryPrimitive final : public wright_dnn_primitive {
public:
    dnnl::primitive primitive;

    LibraryPrimitive(dnnl::primitive primitive, std::string implementation);
    void add(wright_dnn_argument role, int library_index, const dnnl::memory::desc &wanted,
             const dnnl::memory::desc &plain);
    void add_scratch(const dnnl::memory::desc &layout);
    void run() override;
    void bind(Argument &argument, void *pointer) override;

private:
    std::vector<dnnl::memory> memories;
    std::vector<dnnl_exec_arg_t> execution_arguments;
};

/// A launch that is several, one for each share of the result.
class SharedPrimitive final : public wright_dnn_primitive {
public:
    /// How far into an argument a share begins, in bytes.
    struct Offset {
        wright_dnn_argument role;
        int64_t bytes;
    };

    /// Takes a share. Arguments without an offset are common to all.
    void add(std::unique_ptr<wright_dnn_primitive> share, std::vector<Offset> offsets);
    /// Takes over what the whole is called, and the scratch of all shares; call it after the last `add`.
    ///
    /// - arguments: the whole's, without scratch.
    void finish(std::vector<Argument> arguments);
    /// Makes shares after the first write to memory of their own, which is then added to the first one's: for sums over
    /// what is shared out. Call it before `finish`.
    void add_up(wright_dnn_argument role);

    void run() override;
    void bind(Argument &argument, void *pointer) override;

private:
    struct Share {
        std::unique_ptr<wright_dnn_primitive> primitive;
        std::vector<Offset> offsets;
        size_t scratch = 0;
    };
    /// A sum over shares: the first one's elements, and where the others' begin in the scratch memory.
    struct Sum {
        wright_dnn_argument role;
        size_t count = 0;
        std::vector<size_t> partials;
    };
    std::vector<Share> shares;
    std::vector<Sum> sums;

    void add_partials(int32_t index, int32_t count) const;
};

/// A copy between two layouts of the same tensor, from SOURCE to DESTINATION.
wright_dnn_primitive *make_reorder(const dnnl::memory::desc &from, const dnnl::memory::desc &to);

}  // namespace wright
