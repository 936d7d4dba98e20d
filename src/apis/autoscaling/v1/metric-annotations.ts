/**
 * What version 1 of autoscalers has no fields for is kept in annotations, in a form of its own: the
 * metrics in the flat form of the first beta versions. Nothing is lost when an object is read and
 * written in version 1.
 */
import { isFields, own, type Fields } from "../../../machinery/object.ts";
import { setField, type MutableFields } from "../../../machinery/json-value.ts";
import type { MetricSpec, MetricStatus } from "../v2/types.generated.ts";

export const METRICS_ANNOTATION = "autoscaling.alpha.kubernetes.io/metrics";
export const BEHAVIOR_ANNOTATION = "autoscaling.alpha.kubernetes.io/behavior";
export const CONDITIONS_ANNOTATION = "autoscaling.alpha.kubernetes.io/conditions";
export const CURRENT_METRICS_ANNOTATION = "autoscaling.alpha.kubernetes.io/current-metrics";

/** A metric in the flat form. */
export function flatMetric(metric: MetricSpec): Fields {
  const { type, object, pods, resource, containerResource, external } = metric;
  return present({
    type,
    object:
      object &&
      present({
        target: object.describedObject,
        metricName: object.metric.name,
        targetValue: object.target.value ?? "0",
        selector: object.metric.selector,
        averageValue: object.target.averageValue,
      }),
    pods:
      pods &&
      present({
        metricName: pods.metric.name,
        targetAverageValue: pods.target.averageValue ?? "0",
        selector: pods.metric.selector,
      }),
    resource: resource && flatResource(resource),
    containerResource:
      containerResource &&
      present({ ...flatResource(containerResource), container: containerResource.container }),
    external:
      external &&
      present({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        targetValue: external.target.value,
        targetAverageValue: external.target.averageValue,
      }),
  });
}

/** What is measured of a metric, in the flat form. */
export function flatCurrent(status: MetricStatus): Fields {
  const { type, object, pods, resource, containerResource, external } = status;
  return present({
    type,
    object:
      object &&
      present({
        target: object.describedObject,
        metricName: object.metric.name,
        currentValue: object.current.value ?? "0",
        selector: object.metric.selector,
        averageValue: object.current.averageValue,
      }),
    pods:
      pods &&
      present({
        metricName: pods.metric.name,
        currentAverageValue: pods.current.averageValue ?? "0",
        selector: pods.metric.selector,
      }),
    resource: resource && flatUse(resource),
    containerResource:
      containerResource &&
      present({ ...flatUse(containerResource), container: containerResource.container }),
    external:
      external &&
      present({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        currentValue: external.current.value ?? "0",
        currentAverageValue: external.current.averageValue,
      }),
  });
}

type Use = {
  readonly name: string;
  readonly current: { readonly averageUtilization?: number; readonly averageValue?: string };
};
type Wish = {
  readonly name: string;
  readonly target: { readonly averageUtilization?: number; readonly averageValue?: string };
};

function flatResource({ name, target }: Wish): Fields {
  return present({
    name,
    targetAverageUtilization: target.averageUtilization,
    targetAverageValue: target.averageValue,
  });
}

function flatUse({ name, current }: Use): Fields {
  return present({
    name,
    currentAverageUtilization: current.averageUtilization,
    currentAverageValue: current.averageValue ?? "0",
  });
}

/** A metric out of the flat form, as far as it can be read; checked against the schema later. */
export function deepMetric(value: unknown): Fields {
  const flat = fieldsOf(value);
  return present({
    type: own(flat, "type"),
    object: nested(flat, "object", (source) => {
      const average = own(source, "averageValue");
      const type = average === undefined ? "Value" : "AverageValue";
      return {
        describedObject: own(source, "target"),
        metric: present({ name: own(source, "metricName"), selector: own(source, "selector") }),
        target: present({
          type,
          value: average === undefined ? own(source, "targetValue") : undefined,
          averageValue: average,
        }),
      };
    }),
    pods: nested(flat, "pods", (source) => ({
      metric: present({ name: own(source, "metricName"), selector: own(source, "selector") }),
      target: present({
        type: "AverageValue",
        averageValue: own(source, "targetAverageValue"),
      }),
    })),
    resource: nested(flat, "resource", deepResource),
    containerResource: nested(flat, "containerResource", (source) => ({
      ...deepResource(source),
      container: own(source, "container"),
    })),
    external: nested(flat, "external", (source) => {
      const average = own(source, "targetAverageValue");
      return {
        metric: present({
          name: own(source, "metricName"),
          selector: own(source, "metricSelector"),
        }),
        target: present({
          type: average === undefined ? "Value" : "AverageValue",
          value: own(source, "targetValue"),
          averageValue: average,
        }),
      };
    }),
  });
}

/** What is measured of a metric, out of the flat form. */
export function deepCurrent(value: unknown): Fields {
  const flat = fieldsOf(value);
  const named = (source: Fields, selector: string): Fields =>
    present({ name: own(source, "metricName"), selector: own(source, selector) });
  return present({
    type: own(flat, "type"),
    object: nested(flat, "object", (source) => ({
      describedObject: own(source, "target"),
      metric: named(source, "selector"),
      current: present({
        value: own(source, "currentValue"),
        averageValue: own(source, "averageValue"),
      }),
    })),
    pods: nested(flat, "pods", (source) => ({
      metric: named(source, "selector"),
      current: present({ averageValue: own(source, "currentAverageValue") }),
    })),
    resource: nested(flat, "resource", deepUse),
    containerResource: nested(flat, "containerResource", (source) => ({
      ...deepUse(source),
      container: own(source, "container"),
    })),
    external: nested(flat, "external", (source) => ({
      metric: named(source, "metricSelector"),
      current: present({
        value: own(source, "currentValue"),
        averageValue: own(source, "currentAverageValue"),
      }),
    })),
  });
}

function deepResource(source: Fields): Fields {
  const share = own(source, "targetAverageUtilization");
  return {
    name: own(source, "name"),
    target: present({
      type: share === undefined ? "AverageValue" : "Utilization",
      averageUtilization: share,
      averageValue: own(source, "targetAverageValue"),
    }),
  };
}

function deepUse(source: Fields): Fields {
  return {
    name: own(source, "name"),
    current: present({
      averageUtilization: own(source, "currentAverageUtilization"),
      averageValue: own(source, "currentAverageValue"),
    }),
  };
}

function nested(flat: Fields, key: string, read: (source: Fields) => Fields): Fields | undefined {
  const source = own(flat, key);
  return isFields(source) ? present(read(source)) : undefined;
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function present(fields: Fields): Fields {
  const made: MutableFields = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) setField(made, key, value);
  }
  return made;
}
