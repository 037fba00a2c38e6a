/**
 * Flush policies: when stale translations are flushed, on which CPUs, and when the one who asked is told "done".
 *
 * <p>A {@link io.faultline.flush.FlushPolicy} makes two kinds of parts, plain state machines without actors, threads or
 * clock: an {@link io.faultline.flush.Initiator} per place that changes mappings, and a
 * {@link io.faultline.flush.CpuPart} per CPU. They share a {@link io.faultline.flush.FlushDomain} (generations, CPU masks,
 * CPU words, append-only logs) and act through {@link io.faultline.flush.InitiatorPort} and
 * {@link io.faultline.flush.CpuPort}. The actors, the exploration of races and plain unit tests host the same objects.
 *
 * <p>The life of a request: its initiator is handed it after the page-table entries changed; later the policy reports
 * <em>settled</em> (no CPU can use a translation older than the change), <em>complete</em> (the requester goes on) and
 * <em>release</em> (frames and virtual range may be reused), each once, in whatever order the policy stands for.
 *
 * <h2>Which policy uses what</h2>
 * Beyond {@code request}, {@code acknowledged}, {@code sendIpi}, {@code ipi}, {@code acknowledge}, {@code settled},
 * {@code complete} and {@code release}, which nearly all use:
 * <table>
 * <caption>The policies of the laboratory and the calls they rest on</caption>
 * <tr><th>policy</th><th>initiator hears</th><th>initiator does, reads</th><th>CPU hears</th><th>CPU does, reads</th></tr>
 * <tr><td>strict (P1)</td><td>–</td><td>{@code FlushSpace.advance}, {@code cpus}; {@code flushSelf} first</td>
 *     <td>{@code switchBegins/Ends}</td><td>{@code invalidate} or {@code flushSpace}</td></tr>
 * <tr><td>concurrent (P2)</td><td>–</td><td>{@code flushSelf} after the IPIs</td><td>as strict</td><td>as strict</td></tr>
 * <tr><td>mmu_gather (P3, the gatherer of per-call)</td><td>{@code operationEnds}</td>
 *     <td>{@code FlushSpace.changesInFlight} (more than one: full range); {@code FlushRequest.tablesFreed}</td>
 *     <td>as strict</td><td>as strict</td></tr>
 * <tr><td>reclaim-batch (P4)</td><td>{@code operationEnds}; every later {@code request} of the space, also one that found
 *     nothing</td><td>{@code complete} at once, {@code release} after the batch's acknowledgements; the union of the
 *     masks</td><td>as strict</td><td>as strict</td></tr>
 * <tr><td>lazy (P5)</td><td>–</td><td>{@code CpuWords.isLazy}, {@code loaded} (switching counts as a target);
 *     {@code FlushRequest.tablesFreed}</td><td>{@code idle}, {@code switchBegins/Ends} (compare generations)</td>
 *     <td>{@code CpuWords.setFlags}</td></tr>
 * <tr><td>broadcast (P7)</td><td>{@code synced}, {@code departing}</td><td>{@code broadcast}, {@code sync}</td>
 *     <td>{@code switchBegins/Ends}</td><td>{@code CpuPart.tag} (moving a space to a global tag)</td></tr>
 * <tr><td>paravirt (P9)</td><td>–</td><td>{@code setFlag} (preempted to preempted, flush on entry)</td>
 *     <td>{@code preempted}, {@code resumed}</td><td>{@code CpuWords.clearFlags}, {@code flushAll}</td></tr>
 * <tr><td>latr (P11)</td><td>{@code reuseWanted}, {@code drain}</td><td>{@code flushSelf}, {@code FlushLog.append},
 *     {@code isFull}, {@code trim}; {@code complete} at once</td><td>{@code tick}, {@code switchBegins/Ends}</td>
 *     <td>{@code FlushDomain.initiatorLogs}</td></tr>
 * <tr><td>access-tracking (P12)</td><td>–</td><td>{@code FlushRequest.pagesAccessed}; a filter of every CPU's walks, read
 *     after the change</td><td>{@code walk} (before the entry is read)</td><td>sets the filter; no generations</td></tr>
 * <tr><td>early-ack (P13)</td><td>–</td><td>{@code FlushRequest.tablesFreed}</td><td>{@code ipiEntered}</td>
 *     <td>{@code acknowledge} before {@code invalidate}</td></tr>
 * <tr><td>luf (P15)</td><td>{@code reuseWanted}; {@code request} of kinds INSTALL and RELAX (something becomes
 *     writable)</td><td>{@code FlushRequest.pagesWritable}; {@code complete} at once</td><td>as strict</td><td>as
 *     strict</td></tr>
 * <tr><td>flush-queue (P17)</td><td>{@code timer}, {@code reuseWanted}</td><td>{@code setTimer}; one full flush for all
 *     that waits</td><td>as strict</td><td>as strict</td></tr>
 * <tr><td>per-call (P19)</td><td>{@code operationEnds} (before the page-table lock is dropped)</td><td>one command over
 *     {@code FlushRequest.operation}</td><td>as strict</td><td>as strict</td></tr>
 * <tr><td>pipelined (P20)</td><td>{@code operationEnds}: batch i waits, i+1 fills, i-1 is released</td><td>{@code release}
 *     batch by batch</td><td>as strict</td><td>as strict</td></tr>
 * <tr><td>ring</td><td>{@code timer}, {@code reuseWanted}, {@code drain}</td><td>{@code FlushRequest.direction}: INTO_APP
 *     waits in a ring, its range not released; OUT_OF_APP at once; wraps the initiator of another policy for the flush
 *     itself</td><td>the inner policy's</td><td>the inner policy's</td></tr>
 * <tr><td>adaptive</td><td>{@code timer}, {@code acknowledged}</td><td>as ring, choosing its size</td><td>as ring</td>
 *     <td>as ring</td></tr>
 * <tr><td>clairvoyant</td><td>{@code timer}, {@code reuseWanted}, {@code drain}; a first run of the same seed
 *     ({@link io.faultline.flush.RehearsedPolicy})</td><td>{@code setTimer} to the deadline; interrupts who still holds a
 *     translation then</td><td>{@code tlbObserver}; {@code idle}, {@code switchBegins}, {@code preempted},
 *     {@code resumed}</td><td>{@code invalidate} what is stale and what will be; no generations</td></tr>
 * </table>
 *
 * <p>Policies compose by layers ({@link io.faultline.flush.LayeredPolicy}): one that delays hands merged requests to the
 * initiator of another through a port of its own that turns completions back into those of the requests merged; one that
 * spares CPUs answers in their place. On the command line {@code ring:size=64+lazy} is the ring over lazy.
 */
@NullMarked
package io.faultline.flush;

import org.jspecify.annotations.NullMarked;
