/**
 * The KVM paging-rate experiment in virtual time: how many pages a second the vCPUs of a guest get through userfaultfd,
 * and through exits to user space, when many fault at once. Real ports, page tables and lanes; one set of costs.
 */
@NullMarked
package io.faultline.paging;

import org.jspecify.annotations.NullMarked;
