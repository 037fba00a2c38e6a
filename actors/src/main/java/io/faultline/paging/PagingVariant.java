package io.faultline.paging;

/** How a vCPU's fault reaches whoever resolves it. */
public enum PagingVariant {
    /** One userfaultfd for the whole guest, with as many readers as there are vCPUs. */
    ONE_USERFAULTFD,
    /** A userfaultfd and a reader for each vCPU's region. */
    USERFAULTFD_PER_VCPU,
    /** No userfaultfd in between: the vCPU leaves KVM_RUN, and its own thread resolves the fault. */
    EXITS
}
