/* What every variant of the network gives: logits of one digit; not 0 if it worked. */
#ifdef __cplusplus
extern "C" {
#endif

int infer(float const* x, float* y);

#ifdef __cplusplus
}
#endif
