/* What differs between the systems: how structures are packed, and how libraries are loaded. */
#include <stddef.h>

#ifdef _WIN32

#include <windows.h>

/* Every program for Windows includes the committee's header so. */
#pragma pack(push, cryptoki, 1)
#include <pkcs11/pkcs11.h>
#pragma pack(pop, cryptoki)

_Static_assert(sizeof(CK_ULONG) == 4, "a number of Windows");
_Static_assert(sizeof(CK_TOKEN_INFO) == 160, "packed");
_Static_assert(sizeof(CK_ATTRIBUTE) == 8 + sizeof(void *), "packed");

#define MODULE "avain-pkcs11.dll"
#define PCSC "winscard.dll"

static void *load(const char *name)
{
	return LoadLibraryA(name);
}

static void *symbol(void *library, const char *name)
{
	return (void *)GetProcAddress(library, name);
}

static void unload(void *library)
{
	FreeLibrary(library);
}

static void *loaded(const char *name)
{
	return GetModuleHandleA(name);
}

#else

#include <dlfcn.h>
#include <pkcs11/pkcs11.h>

_Static_assert(sizeof(CK_ULONG) == sizeof(void *), "a number of Linux");

#define MODULE "libavain_pkcs11.so"
#define PCSC "libpcsclite.so.1"

static void *load(const char *name)
{
	return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}

static void *symbol(void *library, const char *name)
{
	return dlsym(library, name);
}

static void unload(void *library)
{
	dlclose(library);
}

static void *loaded(const char *name)
{
	return dlopen(name, RTLD_NOW | RTLD_NOLOAD);
}

#endif
