/* header.c: avain.h by itself, in standard C. */
#include <avain.h>

static const char labels[][33] = {AVAIN_LABEL_FINEID_PIN1, AVAIN_LABEL_FINEID_PIN2};
static const unsigned char identifiers[] = {AVAIN_ID_AUTHENTICATION, AVAIN_ID_SIGNATURE, AVAIN_ID_SIGNATURE_EC};
static const char interface[] = AVAIN_INTERFACE;
static const unsigned long base = AVAIN_VENDOR_BASE;

int main(void)
{
    return !(labels[0][0] == 'F' && labels[1][0] == 'F' && identifiers[0] == 0x45 && identifiers[1] == 0x46 &&
             identifiers[2] == 0x47 && interface[0] == 'V' && base != 0);
}
