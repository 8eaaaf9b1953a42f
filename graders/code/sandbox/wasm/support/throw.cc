// What a program does when it throws, as there is nothing that could catch.

#include <cstdio>
#include <cstdlib>
#include <typeinfo>

extern "C" void *__cxa_allocate_exception(std::size_t size) noexcept { return std::malloc(size); }

extern "C" void __cxa_free_exception(void *exception) noexcept { std::free(exception); }

extern "C" [[noreturn]] void __cxa_throw(void *, std::type_info *type, void (*)(void *)) {
	std::fflush(stdout);
	std::fprintf(stderr, "terminate called after throwing an exception of type %s: WebAssembly programs cannot catch\n", type->name());
	std::abort();
}

extern "C" [[noreturn]] void __cxa_rethrow() { std::abort(); }
