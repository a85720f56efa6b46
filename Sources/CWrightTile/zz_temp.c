// Slow stand-ins, weak on purpose: each disappears when its kernel arrives.
#include "CWrightTile.h"
#include <math.h>
#include <string.h>
#include <stdlib.h>
__attribute__((weak)) void wright_copy(void*v){wright_copy_arguments*p=v;int64_t ix[8]={0};int64_t n=1;for(int i=0;i<p->rank;i++)n*=p->sizes[i];for(int64_t k=0;k<n;k++){int64_t s=0,d=0;for(int i=0;i<p->rank;i++){s+=ix[i]*p->source_strides[i];d+=ix[i]*p->destination_strides[i];}memcpy((char*)p->destination+d*p->element_bytes,(const char*)p->source+s*p->element_bytes,p->element_bytes);for(int i=p->rank-1;i>=0;i--){if(++ix[i]<p->sizes[i])break;ix[i]=0;}}}
__attribute__((weak)) void wright_fill(void*v){wright_fill_arguments*p=v;for(int64_t i=0;i<p->count;i++)memcpy((char*)p->destination+i*p->element_bytes,&p->value,p->element_bytes);}
__attribute__((weak)) void wright_reduce(void*v){wright_reduce_arguments*p=v;for(int64_t o=0;o<p->outer;o++)for(int64_t i=0;i<p->inner;i++){double a=p->reduction==0?0:p->reduction==1?1:p->reduction==2?-INFINITY:INFINITY;for(int64_t k=0;k<p->length;k++){int64_t at=(o*p->length+k)*p->inner+i;double x=p->type==0?((float*)p->source)[at]:((int*)p->source)[at];a=p->reduction==0?a+x:p->reduction==1?a*x:p->reduction==2?(x>a?x:a):(x<a?x:a);}if(p->type==0)((float*)p->destination)[o*p->inner+i]=a;else((int*)p->destination)[o*p->inner+i]=a;}}
#define W(n) __attribute__((weak)) void n(void*v){abort();}
W(wright_gather_rows)W(wright_scatter_add_rows)W(wright_argreduce)W(wright_cumulative_sum)W(wright_sort)W(wright_maximum_pool)W(wright_maximum_pool_select)W(wright_maximum_pool_scatter)W(wright_sum_pool)W(wright_sum_pool_transpose)
__attribute__((weak)) size_t wright_sort_scratch_bytes(int64_t r,int64_t c){return 64;}
