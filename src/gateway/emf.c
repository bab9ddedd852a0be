/* emf.c - metrics for CloudWatch in a log line: "Specification: Embedded metric format", Amazon CloudWatch
 * user guide. Six metrics with one dimension stay within the ten that are free; everything finer is a
 * property of the line, found with Logs Insights (docs/monitoring.md). */
#include <inttypes.h>
#include <stdio.h>

#include "gateway/lambda_priv.h"

/* Names and ids are ours or checked already; whatever would break the line is left out. */
static struct li_text safe(struct li_text text) {
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < ' ' || text.data[i] > '~' || text.data[i] == '"' || text.data[i] == '\\')
            return LI_TEXT("");
    return text;
}

size_t li_emf_print(const struct li_emf *facts, char out[LI_EMF_MAX]) {
    bool cold = facts->init_us >= 0;
    struct li_text service = safe(facts->service), function = safe(facts->function),
                   id = safe(facts->invocation_id);
    char init[64] = "", status[32] = "";
    if (cold)
        snprintf(init, sizeof init, ",\"InitDuration\":%.3f", (double)facts->init_us / 1000);
    if (facts->status)
        snprintf(status, sizeof status, ",\"status\":%d", facts->status);
    int size = snprintf(
        out, LI_EMF_MAX,
        "{\"_aws\":{\"Timestamp\":%" PRId64 ",\"CloudWatchMetrics\":[{\"Namespace\":\"Listening\","
        "\"Dimensions\":[[\"Service\"]],\"Metrics\":[{\"Name\":\"Duration\",\"Unit\":\"Milliseconds\"},"
        "{\"Name\":\"ColdStarts\",\"Unit\":\"Count\"},%s{\"Name\":\"StagesDone\",\"Unit\":\"Count\"},"
        "{\"Name\":\"StagesFailed\",\"Unit\":\"Count\"},{\"Name\":\"ProviderErrors\",\"Unit\":\"Count\"}]}]},"
        "\"event\":\"metrics\",\"Service\":\"%.*s\",\"function\":\"%.*s\",\"invocation_id\":\"%.*s\","
        "\"Duration\":%.3f,\"ColdStarts\":%d%s,\"StagesDone\":%u,\"StagesFailed\":%u,\"ProviderErrors\":%u%s}"
        "\n",
        facts->now_ms, cold ? "{\"Name\":\"InitDuration\",\"Unit\":\"Milliseconds\"}," : "",
        LI_TEXT_ARG(service), LI_TEXT_ARG(function), LI_TEXT_ARG(id), (double)facts->duration_us / 1000, cold,
        init, facts->stages_done, facts->stages_failed, facts->provider_errors, status);
    return size < 0 || size >= LI_EMF_MAX ? 0 : (size_t)size;
}
