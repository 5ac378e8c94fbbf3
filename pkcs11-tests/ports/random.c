/* bcryptprimitives.dll of Windows 10, which Wine 8 has not: Rust's standard library wants this function. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
	return RtlGenRandom(data, (ULONG)length);
}
