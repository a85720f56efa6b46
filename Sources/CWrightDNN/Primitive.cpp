// Launching and packing: everything about a primitive that does not depend on what it computes.
#include "Primitive.hpp"

#include <cstring>

using dnnl::memory;

const wright::Argument *wright_dnn_primitive::find(wright_dnn_argument role) const {
    for (const wright::Argument &argument : arguments) {
        if (argument.role == role) return &argument;
    }
    return nullptr;
}

wright::Argument *wright_dnn_primitive::find(wright_dnn_argument role) {
    return const_cast<wright::Argument *>(static_cast<const wright_dnn_primitive *>(this)->find(role));
}

float *wright_dnn_primitive::floats(wright_dnn_argument role) const {
    const wright::Argument *argument = find(role);
    return argument ? static_cast<float *>(argument->pointer) : nullptr;
}

void wright_dnn_primitive::add_own(wright_dnn_argument role, const memory::desc &plain) {
    wright::Argument argument;
    argument.role = role;
    argument.plain = plain;
    argument.wanted = plain;
    arguments.push_back(argument);
}

void wright_dnn_primitive::add_own_scratch(size_t bytes) {
    scratch_bytes = bytes;
    if (bytes == 0) return;
    add_own(WRIGHT_DNN_SCRATCH, memory::desc());
    arguments.back().own_layout = "scratch";
    arguments.back().own_bytes = bytes;
}

wright_dnn_primitive *wright_dnn_primitive::make_pack(const wright::Argument &argument) const {
    return wright::make_reorder(argument.plain, argument.wanted);
}

wright_dnn_primitive *wright_dnn_primitive::make_unpack(const wright::Argument &argument) const {
    return wright::make_reorder(argument.wanted, argument.plain);
}

namespace wright {

LibraryPrimitive::LibraryPrimitive(dnnl::primitive primitive, std::string name) : primitive(std::move(primitive)) {
    implementation = std::move(name);
}

void LibraryPrimitive::add(
    wright_dnn_argument role, int library_index, const memory::desc &wanted, const memory::desc &plain) {
    Argument argument;
    argument.role = role;
    argument.library_index = library_index;
    argument.wanted = wanted;
    argument.plain = plain;
    arguments.push_back(argument);
    memories.push_back(memory(wanted, library_engine(), DNNL_MEMORY_NONE));
    execution_arguments.push_back({library_index, memories.back().get()});
}

void LibraryPrimitive::add_scratch(const memory::desc &layout) {
    scratch_bytes = layout.get_size();
    if (scratch_bytes > 0) add(WRIGHT_DNN_SCRATCH, DNNL_ARG_SCRATCHPAD, layout, layout);
}

void LibraryPrimitive::bind(Argument &argument, void *pointer) {
    argument.pointer = pointer;
    memories[&argument - arguments.data()].set_data_handle(pointer);
}

void LibraryPrimitive::run() {
    use_one_library_thread();
    // The CPU stream is in order and synchronous with OpenMP: nothing to wait for.
    dnnl_status_t status = dnnl_primitive_execute(
        primitive.get(), library_stream().get(), static_cast<int>(execution_arguments.size()),
        execution_arguments.data());
    if (status != dnnl_success && run_status == WRIGHT_DNN_OK) run_status = WRIGHT_DNN_FAILED;
}

wright_dnn_primitive *make_reorder(const memory::desc &from, const memory::desc &to) {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    dnnl::reorder::primitive_desc description(library_engine(), from, library_engine(), to, attributes);
    auto launch = new LibraryPrimitive(dnnl::reorder(description), description.impl_info_str());
    launch->add(WRIGHT_DNN_SOURCE, DNNL_ARG_FROM, from, from);
    launch->add(WRIGHT_DNN_DESTINATION, DNNL_ARG_TO, to, to);
    launch->add_scratch(description.scratchpad_desc());
    return launch;
}

}  // namespace wright

extern "C" {

bool wright_dnn_is_plain(const wright_dnn_primitive *primitive, wright_dnn_argument role) {
    const wright::Argument *argument = primitive->find(role);
    return argument == nullptr || argument->is_plain();
}

size_t wright_dnn_argument_bytes(const wright_dnn_primitive *primitive, wright_dnn_argument role) {
    const wright::Argument *argument = primitive->find(role);
    return argument ? argument->bytes() : 0;
}

bool wright_dnn_same_layout(
    const wright_dnn_primitive *first, wright_dnn_argument first_role, const wright_dnn_primitive *second,
    wright_dnn_argument second_role) {
    const wright::Argument *one = first->find(first_role);
    const wright::Argument *other = second->find(second_role);
    if (one == nullptr || other == nullptr) return false;
    if (!one->own_layout.empty() || !other->own_layout.empty()) {
        return one->own_layout == other->own_layout && one->own_bytes == other->own_bytes;
    }
    return one->wanted == other->wanted;
}

wright_dnn_status wright_dnn_pack(
    const wright_dnn_primitive *primitive, wright_dnn_argument role, wright_dnn_primitive **launch) {
    *launch = nullptr;
    return wright::attempt("packing", [&] {
        const wright::Argument *argument = primitive->find(role);
        if (argument == nullptr) throw wright::invalid("the primitive has no such argument");
        *launch = primitive->make_pack(*argument);
    });
}

wright_dnn_status wright_dnn_unpack(
    const wright_dnn_primitive *primitive, wright_dnn_argument role, wright_dnn_primitive **launch) {
    *launch = nullptr;
    return wright::attempt("unpacking", [&] {
        const wright::Argument *argument = primitive->find(role);
        if (argument == nullptr) throw wright::invalid("the primitive has no such argument");
        *launch = primitive->make_unpack(*argument);
    });
}

size_t wright_dnn_scratch_bytes(const wright_dnn_primitive *primitive) { return primitive->scratch_bytes; }

wright_dnn_status wright_dnn_bind(wright_dnn_primitive *primitive, wright_dnn_argument role, void *pointer) {
    return wright::attempt("binding", [&] {
        wright::Argument *argument = primitive->find(role);
        if (argument == nullptr) throw wright::invalid("the primitive has no such argument");
        primitive->bind(*argument, pointer);
    });
}

void wright_dnn_run(void *primitive) { static_cast<wright_dnn_primitive *>(primitive)->run(); }

wright_dnn_status wright_dnn_run_status(const wright_dnn_primitive *primitive) { return primitive->run_status; }

const char *wright_dnn_implementation(const wright_dnn_primitive *primitive) {
    return primitive->implementation.c_str();
}

bool wright_dnn_is_reference(const wright_dnn_primitive *primitive) {
    // oneDNN calls them "ref:any", "gemm:ref", "ref_int8:any" …; "simple:any" reorders are loops too, but fast enough.
    return primitive->implementation.find("ref") != std::string::npos;
}

double wright_dnn_operations(const wright_dnn_primitive *primitive) { return primitive->operations; }

void wright_dnn_destroy(wright_dnn_primitive *primitive) { delete primitive; }

}
